import type { Window } from '../../domain/insight.ts';
import { hasFactTable } from '../database/fact-tables.ts';
import type { HistoryEngine, HistoryReads } from '../engine.ts';
import { type Query, queries } from '../queries.ts';
import type { ViewOptions } from '../insight/view.ts';
import { recordedRunOf } from '../recorded-run.ts';
import { daysIn, viewIn, viewReach } from '../reads.ts';
import { isUnscored, lastEventsOf } from './last-events.ts';
import { openConnection, type ConnectionOptions } from './connection.ts';

/** The history in a local file; reads are synchronous, and mostly take no longer than a screen to draw. */
export type SqliteHistory = HistoryReads & {
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
