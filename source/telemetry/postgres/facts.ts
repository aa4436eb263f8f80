import { type DecisiveOutcome, decisiveOutcome } from '../../domain/outcome.ts';
import type { Cells } from '../sums/cells.ts';
import { type EventFact, type Fact, withOutcome } from '../sums/facts.ts';
import type { Session } from './connector.ts';
import { allNews, type News } from './frontier.ts';

type EventRow = [
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
type SnapshotRow = [
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
type CallRow = [
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

/** Tables of which sums are made. */
export const summedTables = ['routing_events', 'model_snapshots', 'model_calls'] as const;

/** The rows of a history for which a condition on the columns of every table holds. */
export async function factsWhere(
  session: Session,
  { schema, cells }: { schema: string; cells: Cells },
  condition: string,
  values: readonly unknown[],
  /** The tables that are worth looking into. */
  news: News = allNews,
): Promise<Fact[]> {
  const facts: Fact[] = [];
  const select = (columns: string, table: (typeof summedTables)[number]): string =>
    `SELECT ${columns} FROM ${schema}.${table} WHERE ${condition}`;
  // A text more in every row takes time, and mostly there are no outcomes.
  const task = `CASE WHEN EXISTS (SELECT FROM ${schema}.outcomes) THEN task_id END`;
  const events = select(`${eventColumns}, ${task}`, 'routing_events');
  const found: [EventFact, taskId: string | null][] = [];
  for (const row of news.events ? await session.rows<EventRow>(events, values) : []) {
    found.push([eventFact(row, cells.numberOf(row[1], row[2])), row[8]]);
  }
  const hasOutcomes = found.some(([, taskId]) => taskId !== null);
  const projects = hasOutcomes ? found.map(([{ projectId }]) => projectId) : [];
  const outcomes = await outcomesOf(session, schema, new Set(projects));
  for (const [fact, taskId] of found) {
    facts.push(withOutcome(fact, outcomes.get(nameOf(fact.projectId, taskId ?? ''))));
  }
  const snapshots = select(snapshotColumns, 'model_snapshots');
  for (const row of news.snapshots ? await session.rows<SnapshotRow>(snapshots, values) : []) {
    facts.push(snapshotFact(row, cells.numberOf(row[1], row[2])));
  }
  const calls = select(callColumns, 'model_calls');
  for (const row of news.calls ? await session.rows<CallRow>(calls, values) : []) {
    facts.push(callFact(row, row[2] === null ? -1 : cells.numberOf(row[1], row[2])));
  }
  return facts;
}

const nameOf = (projectId: string, taskId: string): string => `${projectId}\0${taskId}`;

/** What the tasks of some runs count with, by their names. */
async function outcomesOf(
  session: Session,
  schema: string,
  projectIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, DecisiveOutcome>> {
  if (projectIds.size === 0) return new Map();
  type Row = [string, string, string, number | null, number | null];
  const rows = await session.rows<Row>(
    `SELECT project_id, task_id, source, value, sampled FROM ${schema}.outcomes
     WHERE project_id = ANY ($1::text[]) AND (value IS NULL OR value BETWEEN 0 AND 1)
     ORDER BY recorded_at, stamp, id`,
    [[...projectIds]],
  );
  const byTask = Map.groupBy(rows, ([projectId, taskId]) => nameOf(projectId, taskId));
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
