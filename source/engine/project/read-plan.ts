import type { TaskSpec } from '../../domain/run-event.ts';
import { jsonValuesIn } from '../reading/json-values.ts';
import { parseLeniently } from '../reading/lenient-json.ts';
import { plannedTasks } from './planned-tasks.ts';
import { problemsOfTasks } from './task-graph.ts';

/** More tasks than this are not a plan but a model that does not stop. */
const mostTasks = 200;

/** Values in an answer that are tried as its plan. */
const mostValues = 20;

export type ReadPlan = { tasks: TaskSpec[] } | { problems: string[] };

/**
 * The tasks in a planner's answer, or what is wrong with it, for the planner to mend. The usual slips
 * are tolerated. Of several plans the last counts. A planned task never has validators: what a model
 * wrote names no program to run. Linear.
 */
export function readPlan(answer: string, ownTaskTypes: readonly string[]): ReadPlan {
  const values = jsonValuesIn(answer)
    .filter(({ enclosed }) => !enclosed)
    .map(({ value, afterOpenBrace }) => ({ value, whole: !afterOpenBrace }));
  const strict = lastPlan(values, ownTaskTypes);
  if (strict !== undefined && 'tasks' in strict) return strict;
  const lenient = lastPlan(lenientValuesIn(answer), ownTaskTypes);
  if (lenient !== undefined && 'tasks' in lenient) return lenient;
  return strict ?? lenient ?? { problems: ['The answer holds no JSON object with tasks.'] };
}

/** A value; `whole`: it is surely no part of one that broke off. */
type Found = { value: unknown; whole: boolean };

/** The last that can be used, else what is wrong with the last that looks like a plan. */
function lastPlan(values: readonly Found[], ownTaskTypes: readonly string[]) {
  const plans = values
    .slice(-mostValues)
    .toReversed()
    .flatMap(({ value, whole }) => planOf(value, { ownTaskTypes, whole }) ?? []);
  const usable = plans.filter((plan) => 'tasks' in plan);
  // A task by itself may be an example of the form.
  return usable.find(({ tasks }) => tasks.length > 1) ?? usable[0] ?? plans[0];
}

function planOf(
  value: unknown,
  { ownTaskTypes, whole }: { ownTaskTypes: readonly string[]; whole: boolean },
): ReadPlan | undefined {
  const planned = plannedTasks(value, { ownTaskTypes, mostTasks, mayBeOneTask: whole });
  if (planned === undefined) return undefined;
  const { tasks, problems } = planned;
  if (problems.length > 0) return { problems: problems.slice(0, mostProblems) };
  const faults = problemsOfTasks(tasks, { ownTaskTypes });
  return faults.length === 0 ? { tasks } : { problems: faults.slice(0, mostProblems) };
}

/** Faults that are sent back to a planner at once. */
const mostProblems = 12;

/** More brackets that begin nothing are no answer with a plan; each costs some time. */
const mostFailures = 1000;

/** Values that are JSON but for slips, in the order of the text. */
function lenientValuesIn(answer: string): Found[] {
  const values: Found[] = [];
  const bracket = /[[{]/g;
  let failures = 0;
  for (let match = bracket.exec(answer); match !== null; match = bracket.exec(answer)) {
    const parsed = parseLeniently(answer, match.index);
    if (parsed.ok) values.push({ value: parsed.value, whole: failures === 0 });
    else failures += 1;
    if (failures > mostFailures) break;
    bracket.lastIndex = parsed.ok ? parsed.end : Math.max(parsed.failedAt, match.index + 1);
  }
  return values;
}
