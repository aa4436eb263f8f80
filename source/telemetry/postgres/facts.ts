import type { Cells } from '../sums/cells.ts';
import type { Fact } from '../sums/facts.ts';
import type { Session } from './connector.ts';

type EventRow = [
  projectId: string,
  model: string,
  taskType: string,
  score: number | null,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
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
): Promise<Fact[]> {
  const facts: Fact[] = [];
  const select = (columns: string, table: (typeof summedTables)[number]): string =>
    `SELECT ${columns} FROM ${schema}.${table} WHERE ${condition}`;
  for (const row of await session.rows<EventRow>(select(eventColumns, 'routing_events'), values)) {
    const [projectId, model, taskType, score, costUsd, iterations, passed, at] = row;
    const cell = cells.numberOf(model, taskType);
    const isPassed = passed !== 0;
    facts.push({
      kind: 'event',
      projectId,
      cell,
      score,
      costUsd,
      iterations,
      passed: isPassed,
      at,
    });
  }
  const snapshots = select(snapshotColumns, 'model_snapshots');
  for (const row of await session.rows<SnapshotRow>(snapshots, values)) {
    facts.push(snapshotFact(row, cells.numberOf(row[1], row[2])));
  }
  for (const row of await session.rows<CallRow>(select(callColumns, 'model_calls'), values)) {
    facts.push(callFact(row, row[2] === null ? -1 : cells.numberOf(row[1], row[2])));
  }
  return facts;
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
