import * as z from 'zod';
import type { TaskSpec } from '../../domain/run-event.ts';
import { jsonValuesIn } from '../json-in-text.ts';
import { problemsOfTasks } from './task-graph.ts';

const planSchema = z.object({
  tasks: z.array(
    z.object({
      id: z.string().min(1),
      type: z.string().min(1),
      prompt: z.string().min(1),
      dependsOn: z.array(z.string()).default([]),
    }),
  ),
});

/** More tasks than this are not a plan but a model that does not stop. */
const mostTasks = 200;

export type ReadPlan = { tasks: TaskSpec[] } | { problems: string[] };

/**
 * The tasks in a planner's answer, or what is wrong with it. A planned task never has validators: what
 * a model wrote names no program to run.
 */
export function readPlan(answer: string, ownTaskTypes: readonly string[]): ReadPlan {
  let problems = ['The answer holds no JSON object.'];
  for (const value of jsonValuesIn(answer)) {
    const read = planSchema.safeParse(value);
    if (!read.success) {
      problems = read.error.issues
        .slice(0, 8)
        .map(({ path, message }) => `At ${path.join('.') || 'the top'}: ${message}.`);
      continue;
    }
    const tasks = read.data.tasks.map((task) => ({ ...task, validators: [] }));
    if (tasks.length > mostTasks) return { problems: [`There are more than ${mostTasks} tasks.`] };
    problems = problemsOfTasks(tasks, { ownTaskTypes });
    return problems.length === 0 ? { tasks } : { problems };
  }
  return { problems };
}
