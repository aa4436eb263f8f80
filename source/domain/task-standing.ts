import { isLive, type RunState, type TaskState } from './run-state.ts';

/**
 * How a task stands: its status, and what follows for it from the rest of the run. Skipped: it needs
 * one that failed. Interrupted: its process is gone. Not finished: the run ended without it.
 */
export type TaskStanding = TaskState['status'] | 'skipped' | 'interrupted' | 'not-finished';

/** How the tasks of a run stand, and what is in the way of those that are skipped. */
export type Standings = {
  of: (task: TaskState) => TaskStanding;
  /** The failed tasks that keep a skipped one from being run. */
  failedBefore: (task: TaskState) => string[];
};

export function standingsOf(run: RunState, now: number): Standings {
  const skipped = skippedIn(run);
  const isOver = run.finished !== undefined;
  const isRunning = isLive(run, now);
  return {
    of(task) {
      if (task.status === 'running') return isRunning ? 'running' : 'interrupted';
      if (task.status !== 'waiting') return task.status;
      if (skipped.has(task.id)) return 'skipped';
      return isOver ? 'not-finished' : 'waiting';
    },
    failedBefore: (task) => failedBefore(run, task),
  };
}

/** The tasks that need a failed one, directly or not. */
function skippedIn({ tasks }: RunState): Set<string> {
  const skipped = new Set<string>();
  const open = [...tasks.values()].filter(({ status }) => status === 'failed').map(({ id }) => id);
  if (open.length === 0) return skipped;
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of tasks.values()) {
    for (const needed of dependsOn) {
      const known = dependents.get(needed);
      if (known === undefined) dependents.set(needed, [id]);
      else known.push(id);
    }
  }
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const dependent of dependents.get(id) ?? []) {
      // Once each: even a graph with a cycle ends.
      if (skipped.has(dependent)) continue;
      skipped.add(dependent);
      open.push(dependent);
    }
  }
  return skipped;
}

function failedBefore({ tasks }: RunState, task: TaskState): string[] {
  const seen = new Set<string>();
  const open = [...task.dependsOn];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(tasks.get(id)?.dependsOn ?? []));
  }
  return [...seen].filter((id) => tasks.get(id)?.status === 'failed').toReversed();
}

/** How many tasks of a run are done, and how many there are. */
export function progressOf({ tasks, elsewhere }: RunState): [done: number, all: number] {
  const done = [...tasks.values()].filter(isDone).length;
  if (elsewhere === undefined) return [done, tasks.size];
  return [Math.max(done, elsewhere.doneCount), Math.max(tasks.size, elsewhere.taskCount)];
}

export const isDone = ({ status }: TaskState): boolean =>
  status !== 'waiting' && status !== 'running';

/** Where a run is at work: its first running task, else the last to finish, else the first. */
export function taskAtWork(tasks: readonly TaskState[]): TaskState | undefined {
  const running = tasks.find(({ status }) => status === 'running');
  if (running !== undefined) return running;
  let last = tasks[0];
  for (const task of tasks) if ((task.finishedAt ?? 0) > (last?.finishedAt ?? 0)) last = task;
  return last;
}
