import type { Insight, Recommendation } from '../domain/insight.ts';
import { TelemetryError } from '../domain/errors.ts';
import type { CellHistory } from '../domain/profile.ts';
import { telemetryError } from './database/failure.ts';
import { horizonStart } from './history/index.ts';
import { insightOf } from './insight/insight.ts';
import { reachOf, viewOf, windowOf } from './insight/view.ts';
import { createReading, type OpenReading } from './reading.ts';
import type { StoreOptions, TelemetryStore } from './store-types.ts';
import { warmStart } from './warm-start.ts';
import { createRecorder } from './write/recorder.ts';
import { openWriteQueue } from './write/write-queue.ts';

/** How long a read waits for a lock, in milliseconds. */
const busyTimeoutMs = 2000;
const defaultDays = 30;

/**
 * Opens the store of one telemetry.db; the file is created with the first record. Never throws: trouble
 * with writing is told to `onNotice` and counted, trouble with reading rejects the read.
 */
export function openTelemetryStore({
  path,
  readonly = false,
  now = () => Date.now() / 1000,
  onNotice = () => {},
}: StoreOptions): TelemetryStore {
  const queue = readonly ? undefined : openWriteQueue({ path, notify: onNotice });
  const reading = createReading(path, busyTimeoutMs);
  let closing: Promise<void> | undefined;
  const recorder = createRecorder({
    queue,
    unavailable() {
      if (readonly) return 'store being open for reading only';
      return closing === undefined ? undefined : 'store being closed';
    },
    now,
    notify: onNotice,
  });

  const read = async <Result>(action: (open: OpenReading) => Result): Promise<Result> => {
    if (closing !== undefined) throw telemetryError('closed', path);
    await queue?.flush();
    return reading.use(action);
  };

  const insight = (days: number): Promise<Insight> =>
    read(({ reader }) => {
      if (!Number.isFinite(days) || days <= 0) {
        throw telemetryError('bad-window', path, String(days));
      }
      const window = windowOf(days, now());
      return reader.within(reachOf(window), (timeline) =>
        insightOf(viewOf(window, timeline, reader.cells)),
      );
    });

  /** Before the first run there is nothing to know, and nothing wrong. */
  const readIfThere = async <Result>(
    nothing: Result,
    action: (open: OpenReading) => Result,
  ): Promise<Result> => {
    try {
      return await read(action);
    } catch (error) {
      if (error instanceof TelemetryError && error.code === 'missing') return nothing;
      throw error;
    }
  };

  const history = (exceptProject?: string): Promise<CellHistory[]> =>
    readIfThere([], ({ reader }) => {
      const at = now();
      return reader.within({ from: horizonStart(at), runsFrom: Infinity, aged: true }, (timeline) =>
        warmStart(timeline, reader.cells, at, exceptProject),
      );
    });

  return {
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
      readIfThere(
        new Set<string>(),
        ({ connection }) =>
          new Set(
            connection
              .prepare<[string], string>('SELECT task_id FROM routing_events WHERE project_id = ?')
              .pluck()
              .all(projectId),
          ),
      ),
    hasSnapshots: (projectId) =>
      readIfThere(
        false,
        ({ connection }) =>
          connection
            .prepare('SELECT 1 FROM model_snapshots WHERE project_id = ? LIMIT 1')
            .get(projectId) !== undefined,
      ),
    close() {
      closing ??= (async () => {
        await queue?.close();
        reading.close();
      })();
      return closing;
    },
  };
}
