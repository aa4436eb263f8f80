import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Seconds of processor time that a process has used (Linux: in ticks of 10 ms; elsewhere by ps). */
export function processorSeconds(pid: number): number {
  if (existsSync(`/proc/${pid}/stat`)) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
  const text = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
