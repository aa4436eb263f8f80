import type { ModelRanking, Recommendation, TaskTypeLeader } from '../domain/insight.ts';
import type {
  CellHistory,
  HistoricalProfile,
  ModelProfile,
  ProfileSnapshot,
} from '../domain/profile.ts';
import type { TaskResult } from '../domain/task-result.ts';
import type { TaskType } from '../domain/task-type.ts';

/** Counts of records of one store. `recorded` = `written` + `spooled` + `lost` + those still underway. */
export type StoreStatistics = {
  /** Accepted at the door. */
  recorded: number;
  /** In the database. */
  written: number;
  /** Refused at the door: a number that cannot be true, or a name that is no text. */
  refused: number;
  /** Waiting in the spool. */
  spooled: number;
  lost: number;
};

/**
 * The owner of one telemetry.db. Recording returns at once and never throws; reading rejects with a
 * {@link TelemetryError}. Reads are asynchronous so that a server can stand behind the same interface.
 */
export type TelemetryStore = {
  readonly path: string;
  recordRoutingEvent(projectId: string, taskId: string, result: TaskResult): void;
  recordSnapshot(projectId: string, model: string, taskType: TaskType, profile: ModelProfile): void;
  /** All snapshots of a run, in one transaction. */
  recordSnapshots(projectId: string, snapshots: readonly ProfileSnapshot[]): void;
  /** Resolves when everything recorded so far is on disk (or counted as lost). */
  flush(): Promise<void>;
  /** The past of one (model, task type); undefined without any. */
  loadHistoricalProfile(model: string, taskType: TaskType): Promise<HistoricalProfile | undefined>;
  /**
   * The past of all of them, for warm start. Empty where there is no database yet. `exceptProject` leaves
   * out what one project did: a run that is continued knows that from its journal.
   */
  loadHistory(options?: { exceptProject?: string }): Promise<CellHistory[]>;
  modelRankings(days?: number): Promise<ModelRanking[]>;
  taskTypeLeaders(days?: number): Promise<Record<TaskType, TaskTypeLeader>>;
  recommendations(days?: number): Promise<Recommendation[]>;
  /** The tasks of a project that are recorded already, so that a resumed run records nothing twice. */
  recordedTaskIds(projectId: string): Promise<ReadonlySet<string>>;
  hasSnapshots(projectId: string): Promise<boolean>;
  stats(): StoreStatistics;
  /** Drains and closes; safe to call twice. */
  close(): Promise<void>;
};

export type StoreOptions = {
  path: string;
  /** Reads only; what is recorded is refused. */
  readonly?: boolean;
  /** Unix seconds; for tests. */
  now?: () => number;
  /** Hears, once per kind, what the user should know: one sentence with its remedy. */
  onNotice?: (message: string) => void;
};
