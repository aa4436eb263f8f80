import type { Window } from '../../domain/insight.ts';
import { hasFactTable } from '../database/fact-tables.ts';
import type { HistoryEngine, HistoryReads } from '../engine.ts';
import { type Query, queries } from '../reads/queries.ts';
import { type ViewOptions, viewIn, viewReach } from '../insight/view.ts';
import { recordedRunOf } from '../reads/recorded-run.ts';
import { daysIn } from '../warm-start.ts';
import { isUnscored, lastEventsOf } from './last-events.ts';
import type { Database } from 'better-sqlite3';
import { classify, telemetryError } from '../database/failure.ts';
import { fileIdentity, fingerprint } from '../database/file.ts';
import { type Connect, openForReading, type ReadConnection } from '../database/open-for-reading.ts';
import { isForeign, schemaVersion, standIn, tablesOf, versionOf } from '../database/schema.ts';
import { createPast, type Past } from './past.ts';
import { openRollups, type Rollups } from './rollups.ts';

/** A database that is open for reading, with what was summed up of it so far. */
type OpenDatabase = {
  connection: Database;
  past: Past;
  /** Set where a newer program wrote the file. */
  newerSchema?: number;
};

export type ConnectionOptions = {
  /** How long a read waits for a lock. */
  busyTimeoutMs: number;
  connect?: Connect;
  /** Opens the kept sums of the database, where not those beside it are wanted. */
  openSums?: () => Rollups | undefined;
};

/** One database for reading, reopened when the file is replaced. Throws {@link TelemetryError}s. */
type HistoryConnection = {
  /** Changes with whatever is committed, or with the file; cheap, and never throws. */
  mark(): string;
  /** Runs `action` on the open database. */
  use<Result>(action: (open: OpenDatabase) => Result): Result;
  close(): void;
};

type State = {
  files: ReadConnection;
  open: OpenDatabase;
  identity: string | undefined;
  /** Whether what was opened knows nothing of later commits: a copy, or tables that stand in for missing ones. */
  frozen: boolean;
  /** What the file looked like then. */
  original: string;
  /** Changes with every commit of another connection. */
  readVersion: () => number;
};

export function openConnection(
  path: string,
  { busyTimeoutMs, connect, openSums = () => openRollups(path) }: ConnectionOptions,
): HistoryConnection {
  let state: State | undefined;
  /** How often the file was opened: another opening counts commits anew. */
  let openings = 0;

  const close = (): void => {
    const closing = state;
    state = undefined;
    try {
      closing?.open.past.close();
      closing?.files.close();
    } catch {
      // It is left behind either way.
    }
  };

  const isStale = ({ identity, frozen, original }: State): boolean =>
    identity !== fileIdentity(path) || (frozen && original !== fingerprint(path));

  const start = (): State => {
    // Before anything is read: what changes from here on is noticed.
    const identity = fileIdentity(path);
    const original = fingerprint(path);
    const files = openForReading(path, busyTimeoutMs, connect);
    try {
      const { connection } = files;
      const tables = tablesOf(connection);
      const missing = ['routing_events', 'model_snapshots'].filter((name) => !tables.has(name));
      if (missing.length === 2 && tables.size > 0) throw telemetryError('not-a-database', path);
      if (isForeign(connection, 'reading')) throw telemetryError('not-a-database', path);
      // A file of zero bytes, or one that a writer is just setting up, has no tables at all.
      standIn(connection, missing);
      const version = versionOf(connection);
      return {
        files,
        open: {
          connection,
          past: createPast(connection, openSums),
          ...(version > schemaVersion ? { newerSchema: version } : {}),
        },
        identity,
        frozen: files.copied || missing.length > 0,
        original,
        readVersion: versionReader(connection),
      };
    } catch (error) {
      files.close();
      throw classify(error, path, 'reading');
    }
  };

  return {
    mark() {
      try {
        if (state === undefined) return `closed ${fingerprint(path)}`;
        const { identity, frozen, readVersion } = state;
        if (identity !== fileIdentity(path)) return 'replaced';
        return `${openings} ${frozen ? fingerprint(path) : readVersion()}`;
      } catch {
        return 'unreadable';
      }
    },
    use(action) {
      try {
        if (state !== undefined && isStale(state)) close();
        if (state === undefined) {
          state = start();
          openings += 1;
        }
        return action(state.open);
      } catch (error) {
        const failure = classify(error, path, 'reading');
        if (failure.code !== 'locked') close();
        throw failure;
      }
    },
    close,
  };
}

function versionReader(connection: Database): () => number {
  const statement = connection.prepare<[], number>('PRAGMA data_version').pluck();
  return () => statement.get() ?? 0;
}

/** The history in a local file; reads are synchronous, and mostly take no longer than a screen to draw. */
type SqliteHistory = HistoryReads & {
  /** About how many rows {@link HistoryReads.view} would read one by one, because they are not summed up. */
  rowsToRead(window: Window, options: ViewOptions): number;
  /** Reads anew at the next call, from sums that were kept meanwhile. */
  forget(): void;
  close(): void;
};

export function openSqliteHistory(path: string, options: ConnectionOptions): SqliteHistory {
  const database = openConnection(path, options);
  const ask = <Row extends unknown[], Result>(query: Query<Row, Result>): Result =>
    database.use(({ connection }) => {
      const { needs, sql, values, of } = query;
      if (!needs.every((table) => hasFactTable(connection, table))) return of([]);
      const statement = connection
        .prepare<unknown[], Row>(sql({ at: (table) => table, isUnscored: isUnscored(connection) }))
        .raw();
      return of(
        statement.all(Object.fromEntries(values.map((value, index) => [index + 1, value]))),
      );
    });

  return {
    mark: () => database.mark(),
    view: (window, options) => database.use(({ past }) => viewIn(past, window, options)),
    days: (wanted) => database.use(({ past }) => daysIn(past, wanted)),
    lastEvents: (wanted) =>
      database.use(({ connection, past }) =>
        lastEventsOf(connection, {
          ...wanted,
          cells: past.cells
            .all()
            .filter(
              ({ model, taskType }) =>
                (wanted.model ?? model) === model && (wanted.taskType ?? taskType) === taskType,
            ),
        }),
      ),
    recordedRun: (projectId) =>
      recordedRunOf(projectId, {
        tasks: ask(queries.recordedTasks(projectId)),
        calls: ask(queries.recordedCalls(projectId)),
        hasEnded: ask(queries.hasSnapshots(projectId)),
      }),
    taskIds: (projectId) => ask(queries.taskIds(projectId)),
    calls: (projectId) => ask(queries.calls(projectId)),
    supportCalls: (wanted) => ask(queries.supportCalls(wanted)),
    outcomes: (projectId) => ask(queries.outcomes(projectId)),
    judgeAgreements: () => ask(queries.agreements(ask(queries.found()))),
    hasSnapshots: (projectId) => ask(queries.hasSnapshots(projectId)),
    isEmpty: () => ask(queries.isEmpty()),
    newerSchema: () => database.use((open) => open.newerSchema),
    rowsToRead: (window, options) =>
      database.use(({ past }) => past.rowsToRead(viewReach(window, options))),
    forget: () => database.use(({ past }) => past.forget()),
    close: () => database.close(),
  };
}

/** A local file behind the interface that a server has as well. */
export function sqliteEngine(path: string, options: ConnectionOptions): HistoryEngine {
  const history = openSqliteHistory(path, options);
  return {
    mark: async () => history.mark(),
    view: async (window, options) => history.view(window, options),
    days: async (wanted) => history.days(wanted),
    lastEvents: async (wanted) => history.lastEvents(wanted),
    taskIds: async (projectId) => history.taskIds(projectId),
    calls: async (projectId) => history.calls(projectId),
    supportCalls: async (wanted) => history.supportCalls(wanted),
    outcomes: async (projectId) => history.outcomes(projectId),
    judgeAgreements: async () => history.judgeAgreements(),
    hasSnapshots: async (projectId) => history.hasSnapshots(projectId),
    isEmpty: async () => history.isEmpty(),
    newerSchema: async () => history.newerSchema(),
    shownRuns: async () => [],
    recordedRuns: async () => [],
    recordedRun: async (projectId) => history.recordedRun(projectId),
    close: async () => history.close(),
  };
}
