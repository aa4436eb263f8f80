import type { TaskSpec } from '../../domain/run-event.ts';
import { isBuiltInTaskType, taskTypePattern, type TaskType } from '../../domain/task-type.ts';

/** A task id, which also names its result file. */
export const taskIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What makes a list of tasks unusable, one sentence each; empty when it is fine. */
export function problemsOfTasks(
  tasks: readonly TaskSpec[],
  options: {
    /** Task types allowed besides the built-in ones; absent: every well-formed name. */
    ownTaskTypes?: readonly TaskType[];
  } = {},
): string[] {
  const { ownTaskTypes } = options;
  const problems: string[] = [];
  const ids = new Set<string>();
  if (tasks.length === 0) problems.push('There is no task.');
  for (const { id, type } of tasks) {
    if (!taskIdPattern.test(id)) {
      problems.push(
        `The id ${JSON.stringify(id)} is not up to 64 letters, digits, dots, hyphens or underscores.`,
      );
    }
    if (ids.has(id)) problems.push(`The id ${JSON.stringify(id)} is used twice.`);
    ids.add(id);
    const known =
      isBuiltInTaskType(type) || ownTaskTypes?.includes(type) === true
        ? true
        : ownTaskTypes === undefined && taskTypePattern.test(type);
    if (!known) problems.push(`The task ${id} has the unknown type ${JSON.stringify(type)}.`);
  }
  for (const { id, dependsOn } of tasks) {
    for (const needed of dependsOn) {
      if (needed === id) problems.push(`The task ${id} depends on itself.`);
      else if (!ids.has(needed)) {
        problems.push(`The task ${id} depends on ${JSON.stringify(needed)}, which does not exist.`);
      }
    }
  }
  const circle = problems.length === 0 ? circleIn(tasks) : undefined;
  if (circle !== undefined) {
    problems.push(`These tasks depend on one another in a circle: ${circle.join(' → ')}.`);
  }
  return problems;
}

/** A circle of dependencies, its first task named again at the end; iterative, so any depth goes. */
function circleIn(tasks: readonly TaskSpec[]): string[] | undefined {
  const needs = new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  const done = new Set<string>();
  for (const { id } of tasks) {
    const path: { id: string; next: number }[] = [{ id, next: 0 }];
    const onPath = new Set([id]);
    while (path.length > 0) {
      const step = path[path.length - 1];
      if (step === undefined) break;
      const needed = done.has(step.id) ? undefined : needs.get(step.id)?.[step.next];
      if (needed === undefined) {
        done.add(step.id);
        onPath.delete(step.id);
        path.pop();
        continue;
      }
      step.next += 1;
      if (onPath.has(needed)) {
        const ids = path.map((entry) => entry.id);
        return [...ids.slice(ids.indexOf(needed)), needed];
      }
      if (done.has(needed)) continue;
      onPath.add(needed);
      path.push({ id: needed, next: 0 });
    }
  }
  return undefined;
}

/** Length of the longest chain of tasks that waits for each task, itself included. */
export function chainLengths(tasks: readonly TaskSpec[]): ReadonlyMap<string, number> {
  const waiting = new Map(tasks.map(({ id }) => [id, 0]));
  for (const { dependsOn } of tasks) {
    for (const id of new Set(dependsOn)) waiting.set(id, (waiting.get(id) ?? 0) + 1);
  }
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const lengths = new Map<string, number>(tasks.map(({ id }) => [id, 1]));
  const ready = tasks.filter(({ id }) => waiting.get(id) === 0);
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    for (const id of new Set(task.dependsOn)) {
      lengths.set(id, Math.max(lengths.get(id) ?? 1, (lengths.get(task.id) ?? 1) + 1));
      const left = (waiting.get(id) ?? 0) - 1;
      waiting.set(id, left);
      const needed = byId.get(id);
      if (left === 0 && needed !== undefined) ready.push(needed);
    }
  }
  return lengths;
}
