import {
  type Cells,
  callFact,
  type CallRow,
  decisiveOutcomes,
  eventFact,
  type EventRow,
  factColumns,
  type OutcomeRow,
  snapshotFact,
  type SnapshotRow,
  taskKey,
} from '../sums/fact-rows.ts';
import { type Fact, withOutcome } from '../sums/facts.ts';
import type { Session } from './connector.ts';
import { allNews, type News } from './frontier.ts';

export type { CallRow, EventRow, SnapshotRow };

/** Rows of which facts are made; the outcomes are those of the events' runs, in their order. */
export type FactRows = {
  events: EventRow[];
  snapshots: SnapshotRow[];
  calls: CallRow[];
  outcomes: OutcomeRow[];
};

/** The columns of {@link FactRows}, by their tables; `hasOutcomes` where it is known whether there are any. */
export function columnsOfFacts(
  schema: string,
  hasOutcomes?: boolean,
): Record<keyof FactRows, string> {
  // A text more in every row takes time, and mostly there are no outcomes.
  const asked = `CASE WHEN EXISTS (SELECT FROM ${schema}.outcomes) THEN task_id END`;
  const task = hasOutcomes === undefined ? asked : hasOutcomes ? 'task_id' : 'NULL::text';
  return factColumns({ unscoredEvent: 'unscored', unscoredSnapshot: 'unscored', task });
}

/** Tables of which sums are made. */
export const summedTables = ['routing_events', 'model_snapshots', 'model_calls'] as const;

/** The rows of a history for which a condition on the columns of every table holds. */
export async function factsWhere(
  session: Session,
  { schema, cells, hasOutcomes }: { schema: string; cells: Cells; hasOutcomes?: boolean },
  condition: string,
  values: readonly unknown[],
  /** The tables that are worth looking into. */
  news: News = allNews,
): Promise<Fact[]> {
  const columns = columnsOfFacts(schema, hasOutcomes);
  const rowsOf = async <Row extends unknown[]>(
    table: (typeof summedTables)[number],
    chosen: string,
    hasNews: boolean,
  ): Promise<Row[]> =>
    hasNews
      ? session.rows<Row>(`SELECT ${chosen} FROM ${schema}.${table} WHERE ${condition}`, values)
      : [];
  const events = await rowsOf<EventRow>('routing_events', columns.events, news.events);
  const isFound = events.some((row) => row[8] !== null);
  const projects = new Set(isFound ? events.map(([projectId]) => projectId) : []);
  const outcomes =
    projects.size === 0
      ? []
      : await session.rows<OutcomeRow>(
          `SELECT ${columns.outcomes} FROM ${schema}.outcomes WHERE project_id = ANY ($1::text[])
           ORDER BY recorded_at, stamp, id`,
          [[...projects]],
        );
  const snapshots = await rowsOf<SnapshotRow>('model_snapshots', columns.snapshots, news.snapshots);
  const calls = await rowsOf<CallRow>('model_calls', columns.calls, news.calls);
  return factsOf({ events, snapshots, calls, outcomes }, cells);
}

export function factsOf({ events, snapshots, calls, outcomes }: FactRows, cells: Cells): Fact[] {
  const decisive = decisiveOutcomes(outcomes);
  return [
    ...events.map((row) =>
      withOutcome(eventFact(row, row[0], cells), decisive.get(taskKey(row[0], row[8] ?? ''))),
    ),
    ...snapshots.map((row) => snapshotFact(row, row[0], cells)),
    ...calls.map((row) => callFact(row, row[0], cells)),
  ];
}
