import type { TaskSpec } from '../domain/run-event.ts';
import { chainLengths } from './project/task-graph.ts';

export type TaskUse = 'usable' | 'unusable';

/**
 * Runs tasks as soon as their dependencies are usable, at most `concurrency` at once; among those
 * that are ready, the one that the longest chain waits for goes first. Tasks that need an unusable one
 * are not run. Resolves when nothing can be started any more and nothing runs; returns what was not
 * run.
 */
export async function runSchedule(options: {
  tasks: readonly TaskSpec[];
  concurrency: number;
  /** What earlier parts of the run came to. */
  known: ReadonlyMap<string, TaskUse>;
  run: (task: TaskSpec) => Promise<TaskUse>;
  /** No task starts once this says so. */
  stopped: () => boolean;
}): Promise<TaskSpec[]> {
  const { tasks, concurrency, known, run, stopped } = options;
  const chains = chainLengths(tasks);
  const uses = new Map(known);
  const dependents = new Map<string, TaskSpec[]>();
  const missing = new Map<string, number>();
  const ready: TaskSpec[] = [];
  const notRun = new Set(tasks.filter(({ id }) => !known.has(id)));

  for (const task of notRun) {
    const open = new Set(task.dependsOn.filter((id) => uses.get(id) !== 'usable'));
    missing.set(task.id, open.size);
    for (const id of open) dependents.set(id, [...(dependents.get(id) ?? []), task]);
    if (open.size === 0) addReady(task);
  }

  /** Ready tasks, the next to start last; equals start in the order in which they became ready. */
  function addReady(task: TaskSpec): void {
    const length = chains.get(task.id) ?? 0;
    let low = 0;
    for (let high = ready.length; low < high;) {
      const middle = (low + high) >>> 1;
      const other = ready[middle];
      if (other !== undefined && (chains.get(other.id) ?? 0) < length) low = middle + 1;
      else high = middle;
    }
    ready.splice(low, 0, task);
  }

  async function work(task: TaskSpec): Promise<void> {
    const use = await run(task);
    uses.set(task.id, use);
    if (use === 'unusable') return;
    for (const dependent of dependents.get(task.id) ?? []) {
      const left = (missing.get(dependent.id) ?? 0) - 1;
      missing.set(dependent.id, left);
      if (left === 0) addReady(dependent);
    }
  }

  const running = new Set<Promise<void>>();
  for (;;) {
    while (running.size < concurrency && !stopped()) {
      const task = ready.pop();
      if (task === undefined) break;
      notRun.delete(task);
      const working = work(task).finally(() => running.delete(working));
      running.add(working);
    }
    if (running.size === 0) break;
    try {
      await Promise.race(running);
    } catch (error) {
      // The first error ends the schedule; that others may follow must not end the process.
      void Promise.allSettled(running);
      throw error;
    }
  }
  return [...notRun];
}
