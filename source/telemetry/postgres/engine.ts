import { defined } from '../../domain/defined.ts';
import type { EventRow } from '../../domain/insight.ts';
import type { EventsWanted, HistoryEngine } from '../engine.ts';
import { viewIn, viewReach } from '../insight/view.ts';
import { daysIn, daysReach } from '../warm-start.ts';
import type { ServerAddress } from '../address/server-address.ts';
import { eventColumns, eventRow, type Query, queries } from '../reads/queries.ts';
import { recordedRunOf } from '../reads/recorded-run.ts';
import { decisiveOutcomes, type OutcomeRow, taskKey } from '../sums/fact-rows.ts';
import { daySeconds } from '../sums/time.ts';
import { checkServer } from './check.ts';
import {
  type Connector,
  type ConnectorOptions,
  createConnector,
  type Session,
} from './connector.ts';
import { shownRuns } from './live-runs.ts';
import { createServerPast } from './past.ts';
import { recordedRuns } from './recorded-runs.ts';
import { schemaVersion } from './schema.ts';

export type ServerEngineOptions = Omit<ConnectorOptions, 'address' | 'doing' | 'check'> & {
  /** How old what is new may be, in milliseconds: the more, the less work there is where many look. */
  restMs?: number;
};

/** A column of the table. */
const isUnscored = 'unscored';
/** Days before a time in which the latest events are looked for, one step after another. */
const lookbackDays = [1 / 24, 1, 7, 30, 365, 36_500];

/** A history on a server; nothing is asked of it before the first read. */
export function serverEngine(
  address: ServerAddress,
  { restMs = 0, ...options }: ServerEngineOptions = {},
): HistoryEngine {
  const { schema } = address;
  const connector: Connector = createConnector({
    ...options,
    address,
    doing: 'reading',
    async check(session) {
      ({ hasPages } = await checkServer(session, address, options.environment));
    },
  });
  let hasPages = false;
  const past = createServerPast(connector, { restMs, hasPages: () => hasPages });
  /** Whether the next view is as of the last mark, where many look and what is new may be a little old. */
  let isMarked = false;

  const reading = <Result>(action: (session: Session) => Promise<Result>): Promise<Result> =>
    connector.transaction({ changes: false }, action);
  const ask = <Row extends unknown[], Result>(query: Query<Row, Result>): Promise<Result> => {
    const { sql, values, of } = query;
    return connector.use(async (session) =>
      of(await session.rows<Row>(sql({ at: (table) => `${schema}.${table}`, isUnscored }), values)),
    );
  };

  return {
    async mark() {
      const news = await past.look();
      isMarked = restMs > 0;
      return String(news);
    },
    async view(window) {
      const asOf = isMarked ? 'look' : 'now';
      isMarked = false;
      return past.read(viewReach(window), (summed) => viewIn(summed, window), asOf);
    },
    days: (wanted) => past.read(daysReach(wanted), (summed) => daysIn(summed, wanted)),
    lastEvents: (wanted) => reading((session) => lastEventsOf(session, schema, wanted)),
    taskIds: (projectId) => ask(queries.taskIds(projectId)),
    calls: (projectId) => ask(queries.calls(projectId)),
    supportCalls: (wanted) => ask(queries.supportCalls(wanted)),
    outcomes: (projectId) => ask(queries.outcomes(projectId)),
    judgeAgreements: async () => ask(queries.agreements(await ask(queries.found()))),
    hasSnapshots: (projectId) => ask(queries.hasSnapshots(projectId)),
    isEmpty: () => ask(queries.isEmpty()),
    async newerSchema() {
      const [[version] = [0]] = await connector.use((session) =>
        session.rows<[number]>(`SELECT max(version) FROM ${schema}.schema_versions`),
      );
      return version > schemaVersion ? version : undefined;
    },
    shownRuns: (wanted) => connector.use((session) => shownRuns(session, schema, wanted)),
    recordedRuns: () => connector.use((session) => recordedRuns(session, schema)),
    recordedRun: async (projectId) =>
      recordedRunOf(projectId, {
        tasks: await ask(queries.recordedTasks(projectId)),
        calls: await ask(queries.recordedCalls(projectId)),
        hasEnded: await ask(queries.hasSnapshots(projectId)),
      }),
    close: () => connector.close(),
  };
}

/** There is no index by model or task type: the days are searched from the last one back. */
async function lastEventsOf(
  session: Session,
  schema: string,
  { model, taskType, from = -Infinity, until, most }: EventsWanted,
): Promise<EventRow[]> {
  let rows: [number, ...unknown[]][] = [];
  for (const days of lookbackDays) {
    const since = Math.max(from, until - days * daySeconds);
    rows = await session.rows<[number, ...unknown[]]>(
      `SELECT ${eventColumns(isUnscored)} FROM ${schema}.routing_events
       WHERE ($1::text IS NULL OR model_chosen = $1) AND ($2::text IS NULL OR task_type = $2)
         AND recorded_at <= $3 AND recorded_at >= $4
       ORDER BY recorded_at DESC, id DESC LIMIT $5`,
      [model ?? null, taskType ?? null, until, since, most],
    );
    if (rows.length >= most || since === from) break;
  }
  return withFound(session, schema, rows.map(eventRow));
}

/** Events with what was found of their results. */
async function withFound(
  session: Session,
  schema: string,
  events: readonly EventRow[],
): Promise<EventRow[]> {
  const projects = [...new Set(events.map(({ projectId }) => projectId))];
  if (projects.length === 0) return [];
  const outcomes = await session.rows<OutcomeRow>(
    `SELECT project_id, task_id, source, value, sampled FROM ${schema}.outcomes
     WHERE project_id = ANY ($1::text[]) ORDER BY recorded_at, stamp, id`,
    [projects],
  );
  const found = decisiveOutcomes(outcomes);
  return events.map((event) => ({
    ...event,
    ...defined({ found: found.get(taskKey(event.projectId, event.taskId)) }),
  }));
}
