import process from 'node:process';
import type { Insight, ModelRanking, Recommendation, TaskTypeLeader } from '../domain/insight.ts';
import { defined } from '../domain/defined.ts';
import { TelemetryError } from '../domain/errors.ts';
import type { RecordedCall } from '../domain/model-call.ts';
import type { JudgeAgreement, RecordedOutcome } from '../domain/outcome.ts';
import type { CellHistory, HistoricalProfile } from '../domain/profile.ts';
import type { SharedRun } from '../domain/shared-run.ts';
import type { TaskType } from '../domain/task-type.ts';
import type { SupportCall } from '../routing/index.ts';
import { telemetryError } from './database/failure.ts';
import type { HistoryEngine } from './engine.ts';
import { freshOrKept, type KeptWanted, revivedHistory } from './shared/kept-history.ts';
import { insightOf } from './insight/insight.ts';
import { spendOf } from './insight/spend.ts';
import { windowOf } from './insight/view.ts';
import { openEngine } from './open-engine.ts';
import { isServerAddress, serverAddress } from './address/server-address.ts';
import { daySeconds, horizonStart } from './sums/time.ts';
import { warmStart } from './warm-start.ts';
import { createRecorder, type Recorder } from './write/recorder.ts';
import { openWriteQueue, type WriteQueue } from './write/write-queue.ts';

/** How long a read waits for a lock, in milliseconds. */
const busyTimeoutMs = 2000;
const defaultDays = 30;
/** Of about a thousand tasks. */
const mostSupportCalls = 3000;

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

/**
 * Opens the store of one telemetry.db; the file is created with the first record. Never throws: trouble
 * with writing is reported to `onNotice` and counted, trouble with reading rejects the read.
 */
export function openTelemetryStore({
  path,
  readonly = false,
  now = () => Date.now() / 1000,
  onNotice = (message) => process.emitWarning(message, 'OrchestratorWarning'),
}: StoreOptions): TelemetryStore {
  const queue = readonly ? undefined : openWriteQueue({ path, notify: onNotice });
  let closing: Promise<void> | undefined;
  const reads = createReads({ path, queue, now, onNotice, isClosed: () => closing !== undefined });
  const { insight, readIfThere, recordedSoFar, learned, history } = reads;
  const recorder = createRecorder({
    queue,
    unavailable() {
      if (readonly) return 'store being open for reading only';
      return closing === undefined ? undefined : 'store being closed';
    },
    now,
    notify: onNotice,
  });

  const close = (): Promise<void> => {
    closing ??= (async () => {
      await queue?.close();
      await reads.close();
    })();
    return closing;
  };

  const store: TelemetryStore = {
    path,
    ...recorder,
    flush: async () => {
      await queue?.flush();
    },
    async loadHistoricalProfile(model, taskType) {
      const cells = await history();
      return cells.find((cell) => cell.model === model && cell.taskType === taskType)?.profile;
    },
    loadHistory: ({ exceptProject } = {}) => history(exceptProject),
    modelRankings: async (days = defaultDays) => (await insight(days)).rankings,
    taskTypeLeaders: async (days = defaultDays) => (await insight(days)).leaders,
    recommendations: async (days = defaultDays): Promise<Recommendation[]> =>
      (await insight(days)).recommendations,
    recordedTaskIds: (projectId) =>
      recordedSoFar<ReadonlySet<string>>(new Set(), (history) => history.taskIds(projectId)),
    recordedCalls: (projectId) =>
      recordedSoFar<ReadonlyMap<string, RecordedCall>>(new Map(), (history) =>
        history.calls(projectId),
      ),
    recordedOutcomes: (projectId) => recordedSoFar([], (history) => history.outcomes(projectId)),
    judgeAgreements: () => readIfThere([], (history) => history.judgeAgreements()),
    loadSupportCalls: ({ exceptProject } = {}) => {
      const wanted = { most: mostSupportCalls, ...defined({ exceptProject }) };
      const kept = { name: 'support-calls' } as const;
      return learned(exceptProject, (engine) => engine.supportCalls(wanted), kept);
    },
    spentSince: (from) =>
      readIfThere(0, async (history) => {
        const days = (now() - from) / daySeconds;
        return days > 0 ? spendOf(await history.view(windowOf(days, now()))).totalUsd : 0;
      }),
    hasSnapshots: (projectId) => recordedSoFar(false, (history) => history.hasSnapshots(projectId)),
    close,
    [Symbol.asyncDispose]: close,
  };
  if (queue !== undefined && isServerAddress(path)) shared.set(store, queue);
  return store;
}

/** Reading of one store: after all that it recorded, and never of one that is closed. */
function createReads({
  path,
  queue,
  now,
  onNotice,
  isClosed,
}: Required<Pick<StoreOptions, 'path' | 'now' | 'onNotice'>> & {
  queue: WriteQueue | undefined;
  isClosed: () => boolean;
}) {
  let opened: Promise<HistoryEngine> | undefined;

  const read = async <Result>(
    action: (engine: HistoryEngine) => Promise<Result>,
  ): Promise<Result> => {
    if (isClosed()) throw telemetryError('closed', path);
    await queue?.flush();
    return action(await (opened ??= openEngine(path, { busyTimeoutMs })));
  };

  const insight = async (days: number): Promise<Insight> => {
    if (!Number.isFinite(days) || days <= 0) throw telemetryError('bad-window', path, String(days));
    return insightOf(await read((history) => history.view(windowOf(days, now()))));
  };

  /** Before the first run there is nothing to know, and nothing wrong. */
  const readIfThere = async <Result>(
    nothing: Result,
    action: (engine: HistoryEngine) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await read(action);
    } catch (error) {
      if (error instanceof TelemetryError && error.code === 'missing') return nothing;
      throw error;
    }
  };

  /** What an earlier process left in a spool is recorded as well; on a server it waits until it can be. */
  const recordedSoFar: typeof readIfThere = async (nothing, action) => {
    await queue?.takeInSpools();
    return isServerAddress(path) ? read(action) : readIfThere(nothing, action);
  };

  const warm =
    (exceptProject?: string) =>
    async (engine: HistoryEngine): Promise<CellHistory[]> => {
      const to = now();
      const wanted = { from: horizonStart(to), to, ...defined({ exceptProject }) };
      const { days, cells } = await engine.days(wanted);
      return warmStart(days, cells, to);
    };
  /** What a run learns from; of a server that does not answer in time, what it told last. */
  const learned = <Value>(
    exceptProject: string | undefined,
    action: (engine: HistoryEngine) => Promise<Value[]>,
    kept: Pick<KeptWanted<Value>, 'name' | 'notify' | 'revive'>,
  ): Promise<Value[]> => {
    const fresh = (): Promise<Value[]> => readIfThere<Value[]>([], action);
    if (!isServerAddress(path)) return fresh();
    const isWhole = exceptProject === undefined;
    return freshOrKept(serverAddress(path), { ...kept, read: fresh, now, isWhole });
  };
  const history = (exceptProject?: string): Promise<CellHistory[]> =>
    learned(exceptProject, warm(exceptProject), {
      name: 'history',
      notify: onNotice,
      revive: revivedHistory,
    });

  const close = async (): Promise<void> => (await opened)?.close();

  return { insight, readIfThere, recordedSoFar, learned, history, close };
}

/** What writes to a server, of the stores that do. */
const shared = new WeakMap<TelemetryStore, Pick<WriteQueue, 'show'>>();

/** Shows those who share a history on a server how a run stands; nothing happens where it is a file. */
export function showRun(store: TelemetryStore, run: SharedRun): void {
  shared.get(store)?.show(run);
}
