import type { ModelOffer } from '../domain/model-api.ts';
import type { RunState } from '../domain/run-state.ts';
import type { JudgeRecord, ProfileStore } from '../routing/index.ts';
import type { Caller } from './calls/call.ts';
import type { CallSignals } from './calls/signals.ts';
import type { ReasoningRoom } from './calls/reasoning-room.ts';
import type { Tuning } from './constants.ts';
import type { CostBounds } from './money/cost-bounds.ts';
import type { Supervision } from './money/supervision.ts';
import type { BudgetLedger } from './money/budget-ledger.ts';
import type { RunOptions } from './options.ts';
import type { ResumeState } from './resume-state.ts';
import type { Emit } from './emit.ts';
import type { StopReason } from './status.ts';

/** What every part of one run works with. */
export type RunContext = {
  options: RunOptions;
  tuning: Tuning;
  offers: ReadonlyMap<string, ModelOffer>;
  /** Profiles and posteriors of routing. */
  profiles: ProfileStore;
  /** What this part of the run leaves as snapshots. */
  observed: ProfileStore;
  /** What is known of those who criticise and judge. */
  judges: JudgeRecord;
  supervision: Supervision;
  ledger: BudgetLedger;
  bounds: CostBounds;
  /** The fold of its events: what it has spent, what is planned and done. */
  state: RunState;
  caller: Caller;
  /** What its models need for their reasoning. */
  room: ReasoningRoom;
  resume: ResumeState;
  emit: Emit;
  signals: CallSignals;
  /** Why the run is ending before its plan is through, once it is. */
  stopReason: () => StopReason | undefined;
  /** Share of the tasks that are finished, in [0, 1]. */
  progress(): number;
};
