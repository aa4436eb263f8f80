import { defined } from '../../domain/defined.ts';
import type { CheckOptions } from '../validators/index.ts';
import type { TaskWork } from './task-work.ts';

/** What the checks of a task's answers go by; they end with the run. */
export function checkOptionsOf(work: TaskWork): CheckOptions {
  const { secrets = [], scratchDirectory } = work.context.options;
  return {
    taskType: work.task.type,
    secrets,
    ...defined({ scratchDirectory }),
    signal: work.signals.execution,
    onSkipped: (message) => work.noticeOnce(message, message),
  };
}
