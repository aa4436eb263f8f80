import type { Database as Connection } from 'better-sqlite3';
import type { JudgeAgreement, RecordedOutcome } from '../../domain/outcome.ts';
import type { RecordedCall } from '../../domain/model-call.ts';
import type { Window } from '../../domain/insight.ts';
import { hasFactTable } from '../database/fact-tables.ts';
import type { SupportCall } from '../../routing/index.ts';
import type { HistoryEngine, HistoryReads, SupportCallsWanted } from '../engine.ts';
import {
  latestSupportCalls,
  supportCallColumns,
  type SupportCallRow,
  supportCallsOf,
  supportRoles,
} from '../support-calls.ts';
import {
  agreementsOf,
  foundOf,
  judgementColumns,
  type JudgementRow,
  outcomeColumns,
  type OutcomeRow,
  projectsOf,
} from '../judge-agreement.ts';
import {
  recordedOutcomeColumns,
  type RecordedOutcomeRow,
  recordedOutcomesOf,
} from '../recorded-outcomes.ts';
import type { ViewOptions } from '../insight/view.ts';
import { daysIn, viewIn, viewReach } from '../reads.ts';
import { lastEventsOf } from './last-events.ts';
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
  const exists = (query: string, ...given: string[]): boolean =>
    database.use(({ connection }) => connection.prepare(query).get(...given) !== undefined);

  return {
    mark: () => database.mark(),
    view: (window, options) => database.use(({ past }) => viewIn(past, window, options)),
    days: (wanted) => database.use(({ past }) => daysIn(past, wanted)),
    lastEvents: (wanted) =>
      database.use(({ connection, past }) =>
        lastEventsOf(connection, {
          ...wanted,
          taskTypes: past.cells
            .all()
            .filter(({ model }) => model === wanted.model)
            .map(({ taskType }) => taskType),
        }),
      ),
    taskIds: (projectId) =>
      database.use(
        ({ connection }) =>
          new Set(
            connection
              .prepare<[string], string>('SELECT task_id FROM routing_events WHERE project_id = ?')
              .pluck()
              .all(projectId),
          ),
      ),
    calls: (projectId) => database.use(({ connection }) => recordedCallsOf(connection, projectId)),
    supportCalls: (wanted) =>
      database.use(({ connection }) => lastSupportCalls(connection, wanted)),
    outcomes: (projectId) => database.use(({ connection }) => outcomesIn(connection, projectId)),
    judgeAgreements: () => database.use(({ connection }) => agreementsIn(connection)),
    hasSnapshots: (projectId) =>
      exists('SELECT 1 FROM model_snapshots WHERE project_id = ? LIMIT 1', projectId),
    isEmpty: () =>
      !exists('SELECT 1 FROM routing_events UNION ALL SELECT 1 FROM model_snapshots LIMIT 1'),
    newerSchema: () => database.use((open) => open.newerSchema),
    rowsToRead: (window, options) =>
      database.use(({ past }) => past.rowsToRead(viewReach(window, options))),
    forget: () => database.use(({ past }) => past.forget()),
    close: () => database.close(),
  };
}

function recordedCallsOf(
  connection: Connection,
  projectId: string,
): ReadonlyMap<string, RecordedCall> {
  if (!hasFactTable(connection, 'model_calls')) return new Map();
  type Row = [
    callId: string,
    costUsd: number,
    estimated: number,
    latencyMs: number,
    outcome: string,
  ];
  const rows = connection
    .prepare<[string], Row>(
      'SELECT call_id, cost_usd, cost_estimated, latency_ms, outcome FROM model_calls WHERE project_id = ?',
    )
    .raw()
    .all(projectId);
  return new Map(
    rows.map(([callId, costUsd, estimated, latencyMs, outcome]) => [
      callId,
      { costUsd, costEstimated: estimated !== 0, latencyMs, outcome },
    ]),
  );
}

function lastSupportCalls(
  connection: Connection,
  { most, exceptProject = '' }: SupportCallsWanted,
): SupportCall[] {
  if (!hasFactTable(connection, 'model_calls')) return [];
  const rows = connection
    .prepare<[string, number], SupportCallRow>(
      `SELECT ${supportCallColumns} FROM model_calls
       WHERE role IN ${supportRoles} AND project_id <> ? ORDER BY ${latestSupportCalls} LIMIT ?`,
    )
    .raw()
    .all(exceptProject, most);
  return supportCallsOf(rows);
}

function outcomesIn(connection: Connection, projectId: string): RecordedOutcome[] {
  if (!hasFactTable(connection, 'outcomes')) return [];
  return recordedOutcomesOf(
    connection
      .prepare<[string], RecordedOutcomeRow>(
        `SELECT ${recordedOutcomeColumns} FROM outcomes WHERE project_id = ? ORDER BY id`,
      )
      .raw()
      .all(projectId),
  );
}

function agreementsIn(connection: Connection): JudgeAgreement[] {
  if (!hasFactTable(connection, 'outcomes') || !hasFactTable(connection, 'model_calls')) return [];
  const found = foundOf(
    connection
      .prepare<[], OutcomeRow>(`SELECT ${outcomeColumns} FROM outcomes ORDER BY id`)
      .raw()
      .all(),
  );
  if (found.size === 0) return [];
  return agreementsOf(
    found,
    connection
      .prepare<[string], JudgementRow>(
        `SELECT ${judgementColumns} FROM model_calls
         WHERE project_id IN (SELECT value FROM json_each(?)) AND role = 'judge'
           AND score IS NOT NULL`,
      )
      .raw()
      .all(JSON.stringify(projectsOf(found))),
  );
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
    recordedRun: async () => undefined,
    close: async () => history.close(),
  };
}
