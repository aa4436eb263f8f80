import type { ModelRanking, Recommendation, TaskTypeLeader } from '../domain/insight.ts';
import type { RecordedCall } from '../domain/model-call.ts';
import type { JudgeAgreement, RecordedOutcome } from '../domain/outcome.ts';
import type { CellHistory, HistoricalProfile } from '../domain/profile.ts';
import type { TaskType } from '../domain/task-type.ts';
import type { SupportCall } from '../routing/index.ts';
import type { Recorder } from './write/recorder.ts';

/**
 * The owner of one telemetry.db. Recording returns at once and never throws; reading rejects with a
 * {@link TelemetryError}. Reads are asynchronous so that a server can stand behind the same interface.
 */
export type TelemetryStore = Recorder & {
  /** The file, as it was given. */
  readonly path: string;
  /** Resolves when everything recorded so far is on disk (or counted as lost). */
  flush(): Promise<void>;
  /** The past of one (model, task type); undefined without any. */
  loadHistoricalProfile(model: string, taskType: TaskType): Promise<HistoricalProfile | undefined>;
  /**
   * The past of all of them, for warm start. Empty where there is no database yet. `exceptProject` leaves
   * out what one project did: a run that is continued knows that from its journal.
   */
  loadHistory(options?: { exceptProject?: string }): Promise<CellHistory[]>;
  /**
   * Models by value over the last `days` (30 unless told otherwise), COLD ones last. This and the next two
   * reject with `missing` where there is no database, and with `bad-window` for days that are none.
   */
  modelRankings(days?: number): Promise<ModelRanking[]>;
  /** The best model of each task type by quality; none of a type that nobody judged. */
  taskTypeLeaders(days?: number): Promise<Partial<Record<TaskType, TaskTypeLeader>>>;
  /** What the data of the window supports changing, each with its evidence. */
  recommendations(days?: number): Promise<Recommendation[]>;
  /** The tasks of a project that are recorded already, so that a resumed run records nothing twice. */
  recordedTaskIds(projectId: string): Promise<ReadonlySet<string>>;
  /** The calls of a project that are recorded already, by their ids: what they cost is known. */
  recordedCalls(projectId: string): Promise<ReadonlyMap<string, RecordedCall>>;
  /** The latest calls that planned, criticised or judged: what a run knows of those that do it. */
  loadSupportCalls(options?: { exceptProject?: string }): Promise<SupportCall[]>;
  /** Dollars that were paid since a time, in Unix seconds; 0 where there is no database yet. */
  spentSince(from: number): Promise<number>;
  /** What was found of the results of a project, in the order in which it was recorded. */
  recordedOutcomes(projectId: string): Promise<RecordedOutcome[]>;
  /** How far each judge agrees with what was found of results that the program had picked. */
  judgeAgreements(): Promise<JudgeAgreement[]>;
  /** Whether a project has snapshots: a run that ended writes all of them. */
  hasSnapshots(projectId: string): Promise<boolean>;
  /** Drains and closes; safe to call twice. */
  close(): Promise<void>;
  /** The same, at the end of the block of an `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
};

export type StoreOptions = {
  /** The database; made with the first record, for the user alone. */
  path: string;
  /** Reads only; what is recorded is refused. */
  readonly?: boolean;
  /** Unix seconds; for tests. */
  now?: () => number;
  /** Hears, once per kind, what the user should know: one sentence with its remedy. Absent: a warning of the process. */
  onNotice?: (message: string) => void;
};
