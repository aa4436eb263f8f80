import { isLive, type RunState, type TaskState } from '../../domain/run-state.ts';

/**
 * How a task stands: its status, and what follows for it from the rest of the run. Skipped: it needs
 * one that failed. Interrupted: its process is gone. Not finished: the run ended without it.
 */
export type TaskStanding = TaskState['status'] | 'skipped' | 'interrupted' | 'not-finished';

/** The standing of a run's tasks by id; for those that needs it, the tasks that are in the way. */
export type Standings = {
  of: (task: TaskState) => TaskStanding;
  /** The failed tasks that keep a skipped one from being run. */
  failedBefore: (task: TaskState) => string[];
};

export function standingsOf(run: RunState, now: number): Standings {
  const skipped = skippedBy(run);
  const isOver = run.finished !== undefined;
  const isRunning = isLive(run, now);
  return {
    of(task) {
      if (task.status === 'running') return isRunning ? 'running' : 'interrupted';
      if (task.status !== 'waiting') return task.status;
      if (skipped.has(task.id)) return 'skipped';
      return isOver ? 'not-finished' : 'waiting';
    },
    failedBefore: ({ id }) => [...(skipped.get(id) ?? [])],
  };
}

/** From each task that cannot be run to the failed ones that it needs, directly or not. */
function skippedBy({ tasks }: RunState): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  const failed = [...tasks.values()].filter(({ status }) => status === 'failed');
  if (failed.length === 0) return result;
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of tasks.values()) {
    for (const needed of dependsOn) {
      const known = dependents.get(needed);
      if (known === undefined) dependents.set(needed, [id]);
      else known.push(id);
    }
  }
  for (const { id: cause } of failed) {
    const open = [...(dependents.get(cause) ?? [])];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const causes = result.get(id) ?? new Set();
      // Seen before for this cause: even a graph with a cycle ends.
      if (causes.has(cause)) continue;
      result.set(id, causes.add(cause));
      open.push(...(dependents.get(id) ?? []));
    }
  }
  return result;
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
