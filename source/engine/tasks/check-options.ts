import { defined } from '../../domain/defined.ts';
import { validate, type CheckOptions, type ValidatorSpec } from '../validators/index.ts';
import type { Attempt } from './attempt.ts';
import type { TaskWork } from './task-work.ts';

/** Runs the checks of a task on an answer. */
export async function checked(
  work: TaskWork,
  specs: readonly ValidatorSpec[],
  output: string,
): Promise<Pick<Attempt, 'problems' | 'tested'>> {
  const tests: boolean[] = [];
  const options = { ...checkOptionsOf(work), onTested: (passed: boolean) => tests.push(passed) };
  const problems = await validate(specs, output, options);
  return { problems, ...(tests.length === 0 ? {} : { tested: tests.every(Boolean) }) };
}

/** What the checks of a task's answers go by; they end with the run. */
function checkOptionsOf(work: TaskWork): CheckOptions {
  const { secrets = [], scratchDirectory } = work.context.options;
  return {
    taskType: work.task.type,
    secrets,
    ...defined({ scratchDirectory }),
    signal: work.signals.execution,
    onSkipped: (message) => work.noticeOnce(message, message),
  };
}
