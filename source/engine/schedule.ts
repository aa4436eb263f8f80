import type { TaskSpec } from '../domain/run-event.ts';
import { chainLengths } from './project/task-graph.ts';

export type TaskFate = 'usable' | 'unusable';

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
  known: ReadonlyMap<string, TaskFate>;
  run: (task: TaskSpec) => Promise<TaskFate>;
  /** No task starts once this says so. */
  stopped: () => boolean;
}): Promise<TaskSpec[]> {
  const { tasks, concurrency, known, run, stopped } = options;
  const chains = chainLengths(tasks);
  const fates = new Map(known);
  const dependents = new Map<string, TaskSpec[]>();
  const missing = new Map<string, number>();
  const ready: TaskSpec[] = [];
  const notRun = new Set(tasks.filter(({ id }) => !known.has(id)));

  for (const task of notRun) {
    const open = new Set(task.dependsOn.filter((id) => fates.get(id) !== 'usable'));
    missing.set(task.id, open.size);
    for (const id of open) dependents.set(id, [...(dependents.get(id) ?? []), task]);
    if (open.size === 0) ready.push(task);
  }

  function takeReady(): TaskSpec | undefined {
    let best = 0;
    for (const [index, task] of ready.entries()) {
      const chosen = ready[best];
      if (chosen !== undefined && (chains.get(task.id) ?? 0) > (chains.get(chosen.id) ?? 0)) {
        best = index;
      }
    }
    return ready.splice(best, 1)[0];
  }

  async function work(task: TaskSpec): Promise<void> {
    const fate = await run(task);
    fates.set(task.id, fate);
    if (fate === 'unusable') return;
    for (const dependent of dependents.get(task.id) ?? []) {
      const left = (missing.get(dependent.id) ?? 0) - 1;
      missing.set(dependent.id, left);
      if (left === 0) ready.push(dependent);
    }
  }

  const running = new Set<Promise<void>>();
  for (;;) {
    while (running.size < concurrency && !stopped()) {
      const task = takeReady();
      if (task === undefined) break;
      notRun.delete(task);
      const working = work(task).finally(() => running.delete(working));
      running.add(working);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  return [...notRun];
}
