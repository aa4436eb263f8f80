import { readFileSync, readlinkSync } from 'node:fs';
import { defined } from '../../domain/defined.ts';

/**
 * Where a process id means anything: one boot of one kernel, and there one namespace of ids, since
 * containers count from 1 each. Absent where the system does not say.
 */
export type ProcessPlace = { boot?: string; pids?: string };

export function placeOf(): ProcessPlace {
  const boot = whereKnown(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const pids = whereKnown(() => readlinkSync('/proc/self/ns/pid'));
  return { ...defined({ boot, pids }) };
}

/** Whether a process id of that place names the same process here; assumed where the place is unknown. */
export function isSamePlace(other: ProcessPlace): boolean {
  if (other.boot === undefined && other.pids === undefined) return true;
  const own = placeOf();
  return own.boot === other.boot && own.pids === other.pids;
}

/** The start time of a process in clock ticks since boot, where the system has it (Linux). */
export function startOf(pid: number): string | undefined {
  return whereKnown(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it is in parentheses and may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  });
}

function whereKnown(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
