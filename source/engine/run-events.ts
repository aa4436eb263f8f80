import { defined } from '../domain/defined.ts';
import { toUsd } from '../domain/nano-dollars.ts';
import type { RunStatus } from '../domain/run-event.ts';
import { modelsInUsd, phasesInUsd } from '../domain/run-money.ts';
import { digestOf } from '../domain/run-report.ts';
import type { RunContext } from './context.ts';

/** Says that the run, or its continuation, began. */
export function emitStarted({ options, resume, emit }: RunContext): void {
  const { project, criteria, budgetUsd, timeLimitSeconds, concurrency, simulated, pid } = options;
  const limits = { budgetUsd, timeLimitSeconds, concurrency };
  const { resumed } = resume;
  const { comparison, tags } = options;
  const more = defined({ comparison, tags });
  emit({ type: 'run-started', project, criteria, ...limits, simulated, resumed, pid, ...more });
}

/** Tells others from now on that the run lives; returns how to stop that. */
export function startHeartbeat({ emit, ledger, state, tuning }: RunContext): () => void {
  const timer = setInterval(() => {
    emit({ type: 'heartbeat', spentUsd: toUsd(ledger.spent()), digest: digestOf(state) });
  }, tuning.heartbeatMs);
  return () => clearInterval(timer);
}

/** Says how the run ended. */
export function emitFinished(
  { emit, ledger, state }: RunContext,
  { status, message, resumable }: { status: RunStatus; message?: string; resumable: boolean },
): void {
  emit({
    type: 'run-finished',
    ...defined({ message }),
    spentUsd: toUsd(ledger.spent()),
    results: [...state.results],
    resumable,
    spentByPhase: phasesInUsd(state.money),
    spentByModel: modelsInUsd(state.money),
    // Last, so that whoever lists runs finds both in the end of the file.
    digest: digestOf(state),
    status,
  });
}
