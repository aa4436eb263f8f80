import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import process from 'node:process';

/** Rounds of killing: what forks meanwhile is found in the next. */
const mostRounds = 50;

/**
 * Kills every process that a program has left: its group and session, its descendants, and whatever has
 * the scratch folder in its environment or stands in it, as what has left the group still does.
 */
export function killRemains(leader: number | undefined, directory: string): void {
  for (let round = 0; round < mostRounds; round += 1) {
    killGroup(leader);
    const remains = remainsOf(leader, directory);
    if (remains.length === 0) return;
    for (const pid of remains) kill(pid);
  }
}

/** Kills a process group, where one was started and has not ended. */
export function killGroup(leader: number | undefined): void {
  if (leader !== undefined) kill(-leader);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

/** Empty where there is no `/proc`: then the group is all that can be found. */
function remainsOf(leader: number | undefined, directory: string): number[] {
  const processes = livingProcesses();
  const ours = new Set<number>(leader === undefined ? [] : [leader]);
  for (let before = -1; before !== ours.size;) {
    before = ours.size;
    for (const { pid, parent, group, session } of processes) {
      const isOurs = ours.has(parent) || group === leader || session === leader;
      if (isOurs || standsIn(pid, directory)) ours.add(pid);
    }
  }
  return processes.map(({ pid }) => pid).filter((pid) => ours.has(pid) && pid !== process.pid);
}

type Living = { pid: number; parent: number; group: number; session: number };

function livingProcesses(): Living[] {
  return listed().flatMap((pid): Living[] => {
    const stat = textOf(`/proc/${pid}/stat`);
    // The name stands in brackets, and may hold some itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, group, session] = fields;
    if (stat === '' || state === 'Z' || state === 'X') return [];
    return [{ pid, parent: Number(parent), group: Number(group), session: Number(session) }];
  });
}

function listed(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function standsIn(pid: number, directory: string): boolean {
  if (pid === process.pid) return false;
  if (textOf(`/proc/${pid}/environ`).includes(directory)) return true;
  try {
    const current = readlinkSync(`/proc/${pid}/cwd`);
    return current === directory || current.startsWith(`${directory}/`);
  } catch {
    return false;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Another user's, or gone.
    return '';
  }
}
