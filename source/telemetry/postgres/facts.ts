import { type DecisiveOutcome, decisiveOutcome } from '../../domain/outcome.ts';
import type { Cells } from '../sums/cells.ts';
import { type EventFact, type Fact, withOutcome } from '../sums/facts.ts';
import type { Session } from './connector.ts';
import { allNews, type News } from './frontier.ts';

export type EventRow = [
  projectId: string,
  model: string,
  taskType: string,
  score: number | null,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
  /** Null while there are no outcomes at all. */
  taskId: string | null,
];
export type SnapshotRow = [
  projectId: string,
  model: string,
  taskType: string,
  quality: number,
  trust: number,
  latencyMs: number,
  latencyP95Ms: number,
  success: number,
  costUsd: number,
  calls: number,
  failures: number,
  validatorFailures: number,
  unscored: boolean,
  at: number,
];
export type CallRow = [
  projectId: string,
  model: string,
  taskType: string | null,
  role: string,
  costUsd: number,
  answered: boolean,
  at: number,
  provider: string,
  subject: string | null,
  score: number | null,
  served: string | null,
];

const eventColumns = `project_id, model_chosen, task_type, CASE WHEN unscored THEN NULL ELSE score END,
  cost_usd, iterations, det_passed, recorded_at`;
const snapshotColumns = `project_id, model, task_type, quality_score, trust_factor, avg_latency_ms,
  latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count, validator_fail_count, unscored,
  recorded_at`;
const callColumns = `project_id, model, task_type, role, cost_usd, outcome = 'ok', recorded_at, provider,
  subject_model, score, served_model`;

type OutcomeRow = [
  projectId: string,
  taskId: string,
  source: string,
  value: number | null,
  sampled: number | null,
];

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
  return {
    events: `${eventColumns}, ${task}`,
    snapshots: snapshotColumns,
    calls: callColumns,
    outcomes: 'project_id, task_id, source, value, sampled',
  };
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
  const decisive = decisiveOf(outcomes);
  const cellOf = (row: EventRow | SnapshotRow): number => cells.numberOf(row[1], row[2]);
  return [
    ...events.map((row) =>
      withOutcome(eventFact(row, cellOf(row)), decisive.get(nameOf(row[0], row[8] ?? ''))),
    ),
    ...snapshots.map((row) => snapshotFact(row, cellOf(row))),
    ...calls.map((row) => callFact(row, row[2] === null ? -1 : cells.numberOf(row[1], row[2]))),
  ];
}

const nameOf = (projectId: string, taskId: string): string => `${projectId}\0${taskId}`;

/** What tasks count with, by their names. */
function decisiveOf(rows: readonly OutcomeRow[]): ReadonlyMap<string, DecisiveOutcome> {
  const isUsable = ([, , , value]: OutcomeRow): boolean =>
    value === null || (value >= 0 && value <= 1);
  const byTask = Map.groupBy(rows.filter(isUsable), ([projectId, taskId]) =>
    nameOf(projectId, taskId),
  );
  const decisive = new Map<string, DecisiveOutcome>();
  for (const [name, ofTask] of byTask) {
    const said = ofTask.map(([, , source, value, sampled]) => ({ source, value, sampled }));
    const outcome = decisiveOutcome(said);
    if (outcome !== undefined) decisive.set(name, outcome);
  }
  return decisive;
}

function eventFact(row: EventRow, cell: number): EventFact {
  return {
    kind: 'event',
    projectId: row[0],
    cell,
    score: row[3],
    costUsd: row[4],
    iterations: row[5],
    passed: row[6] !== 0,
    at: row[7],
  };
}

function snapshotFact(row: SnapshotRow, cell: number): Fact {
  return {
    kind: 'snapshot',
    projectId: row[0],
    cell,
    quality: row[3],
    trust: row[4],
    latencyMs: row[5],
    latencyP95Ms: row[6],
    success: row[7],
    costUsd: row[8],
    calls: row[9],
    failures: row[10],
    validatorFailures: row[11],
    unscored: row[12],
    at: row[13],
  };
}

function callFact(row: CallRow, cell: number): Fact {
  return {
    kind: 'call',
    projectId: row[0],
    cell,
    taskType: row[2] ?? '',
    provider: row[7],
    model: row[1],
    role: row[3],
    subject: row[8],
    score: row[9],
    served: row[10],
    costUsd: row[4],
    answered: row[5],
    at: row[6],
  };
}
