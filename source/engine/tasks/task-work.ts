import type { TaskPhase, TaskSpec } from '../../domain/run-event.ts';
import type { CallSignals } from '../calls/signals.ts';
import type { RunContext } from '../context.ts';
import type { NanoDollars } from '../../domain/nano-dollars.ts';
import type { TaskSpan } from '../tracing/index.ts';

/** One task while it is worked on. */
export type TaskWork = {
  context: RunContext;
  task: TaskSpec;
  /** Ends with the run, or when the task has taken too long. */
  signals: CallSignals;
  span: TaskSpan;
  /** Says that a phase begins with this model. */
  begin(phase: TaskPhase, model: string, iteration: number): void;
  notice(message: string): void;
  /** Says it once per run and `topic`. */
  noticeOnce(topic: string, message: string): void;
  /** All that the task has cost so far, critics and judges included. */
  cost(): NanoDollars;
};
