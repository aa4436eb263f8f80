import type { ModelClient, ModelOffer } from '../domain/model-api.ts';
import type { RecordedCall } from '../domain/model-call.ts';
import type { Policy, RoutingSettings } from '../domain/policy.ts';
import type { CellHistory, ProfileSnapshot } from '../domain/profile.ts';
import type { RunEvent, RunStatus, TaskSpec } from '../domain/run-event.ts';
import type { RunState } from '../domain/run-state.ts';
import type { Clock, Random } from '../domain/runtime.ts';
import type { NamedTaskResult } from '../domain/task-result.ts';
import type { Roles, SupervisionSettings } from '../domain/supervision.ts';
import type { TaskType } from '../domain/task-type.ts';
import type { SupportCall } from '../routing/index.ts';
import type { Tuning } from './constants.ts';

export type RunOptions = {
  projectId: string;
  /** What to do. */
  project: string;
  /** When it counts as done. */
  criteria: string;
  /** The user's own tasks; absent: a model plans them. */
  tasks?: readonly TaskSpec[];
  /** Task types of the user's own that a plan may use besides the built-in ones. */
  ownTaskTypes?: readonly TaskType[];
  /** Dollars for the whole run, all its interrupted parts together. */
  budgetUsd: number;
  /** Seconds for this part of the run. */
  timeLimitSeconds: number;
  /** Tasks at once. */
  concurrency: number;
  offers: readonly ModelOffer[];
  client: ModelClient;
  /** What is known of the models, but for what earlier parts of this run saw: that comes with `resumeFrom`. */
  history: readonly CellHistory[];
  routing: RoutingSettings;
  policy: Policy;
  /** Who plans, criticises and judges; absent: by capability. */
  roles?: Roles;
  supervision?: SupervisionSettings;
  /** Calls of the past that planned, criticised and judged, the oldest first. */
  supportCalls?: readonly SupportCall[];
  simulated: boolean;
  /** Whether two models are compared, see `compareModels`. */
  comparison?: boolean;
  /** What the user calls the run by. */
  tags?: Readonly<Record<string, string>>;
  clock: Clock;
  random: Random;
  /** The key of random choices that a resumed run must repeat; absent: the project's id. */
  samplingKey?: string;
  /** The process that runs it, for those who watch. */
  pid: number;
  /** Graceful stop: no new calls; those in flight may end within a grace period. */
  signal?: AbortSignal;
  /**
   * Called with every event in order; must not throw. Returns false for one that could not be kept: no
   * request is sent whose start is not.
   */
  emit: (event: RunEvent) => unknown;
  /**
   * The fold of its earlier parts, empty for a new run. Every event is folded into it before it is
   * emitted, so that screens draw from the engine's own memory. Absent: one of its own.
   */
  state?: RunState;
  /** The journal of the interrupted earlier parts of this run. */
  resumeFrom?: readonly RunEvent[];
  /** Whether snapshots of those that came to an end are kept already, so that this part leaves only what is new. */
  snapshotsRecorded?: boolean;
  /** What the history has of its calls, by their ids: it may know the end of one that the journal lost. */
  callsRecorded?: ReadonlyMap<string, RecordedCall>;
  /** Texts that must not appear in any message: the user's keys. */
  secrets?: readonly string[];
  /** Where commands that check answers run, each in a folder of its own; absent: in the user's cache folder. */
  scratchDirectory?: string;
  tuning?: Partial<Tuning>;
  /** The time of a simulator; absent: this machine's. */
  simulatedTime?: SimulatedTime;
};

/**
 * Time as a simulator makes it, which goes on only while the run waits for answers: it receives every
 * event before what follows from it, and of what the events do not say.
 */
export type SimulatedTime = {
  /** Milliseconds; never goes back. Latencies and pauses are measured by it. */
  elapsedMs(): number;
  /** A task has come to its end, with a result or without. */
  settle(taskId: string): void;
  /** So many calls wait until others give money back. */
  waitForMoney(calls: number): void;
};

export type RunOutcome = {
  status: RunStatus;
  spentUsd: number;
  results: NamedTaskResult[];
  /** What the run observed of each (model, task type); to be recorded once. */
  snapshots: ProfileSnapshot[];
  /** Whether `--resume` can go on. */
  resumable: boolean;
  /** One sentence where the status alone does not say it. */
  message?: string;
};
