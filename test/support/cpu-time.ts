import process from 'node:process';

/** Milliseconds of processor time that some work takes: what else the machine does is not counted. */
export function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
