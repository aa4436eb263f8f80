import { type DecisiveOutcome, decisiveOutcome } from '../../domain/outcome.ts';
import type { CallFact, EventFact, SnapshotFact } from './facts.ts';
import type { TaskType } from '../../domain/task-type.ts';

export type Cell = { model: string; taskType: TaskType };

/** Numbers for the (model, task type)s of one reader, given out as they appear. */
export type Cells = {
  numberOf(model: string, taskType: TaskType): number;
  /** The cell of a number that was given out. */
  of(number: number): Cell;
  all(): readonly Cell[];
};

/** `known` have the first numbers, in their order. */
export function createCells(known: readonly (readonly [string, TaskType])[] = []): Cells {
  const list: Cell[] = [];
  const numbers = new Map<string, Map<TaskType, number>>();

  const cells: Cells = {
    numberOf(model, taskType) {
      let byType = numbers.get(model);
      if (byType === undefined) numbers.set(model, (byType = new Map()));
      let number = byType.get(taskType);
      if (number === undefined) {
        number = list.length;
        byType.set(taskType, number);
        list.push({ model, taskType });
      }
      return number;
    },
    of: (number) => list[number] ?? { model: '', taskType: '' },
    all: () => list,
  };
  for (const [model, taskType] of known) cells.numberOf(model, taskType);
  return cells;
}

/** The rows of which either engine makes facts, in the order of {@link factColumns}. */
export type EventRow = [
  projectId: string,
  model: string,
  taskType: string,
  score: number | null,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
  /** Null while there are no outcomes at all: a text more in every row takes time. */
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
  unscored: number | boolean,
  at: number,
];
export type CallRow = [
  projectId: string,
  model: string,
  taskType: string | null,
  role: string,
  costUsd: number,
  answered: number | boolean,
  at: number,
  provider: string,
  subject: string | null,
  score: number | null,
  served: string | null,
];
/** What was said of a result, in the order in which it was recorded. */
export type OutcomeRow = [
  projectId: string,
  taskId: string,
  source: string,
  value: number | null,
  sampled: number | null,
];

/** The columns by their tables, from the expressions that an engine has for what the tables do not say. */
export const factColumns = ({
  unscoredEvent,
  unscoredSnapshot,
  task,
}: {
  unscoredEvent: string;
  unscoredSnapshot: string;
  task: string;
}) => ({
  events: `project_id, model_chosen, task_type, CASE WHEN ${unscoredEvent} THEN NULL ELSE score END,
    cost_usd, iterations, det_passed, recorded_at, ${task}`,
  snapshots: `project_id, model, task_type, quality_score, trust_factor, avg_latency_ms, latency_p95_ms,
    success_rate, avg_cost_usd, call_count, failure_count, validator_fail_count, ${unscoredSnapshot},
    recorded_at`,
  calls: `project_id, model, task_type, role, cost_usd, outcome = 'ok', recorded_at, provider,
    subject_model, score, served_model`,
  outcomes: 'project_id, task_id, source, value, sampled',
});

/** SQLite keeps bytes in a column of texts as they are: another program may have left some. */
const isText = (value: unknown): value is string => typeof value === 'string';

/** The number of a row's (model, task type); −1 of a call for no task, and where a name is none. */
const cellOf = (cells: Cells, row: EventRow | SnapshotRow | CallRow): number =>
  isText(row[0]) && isText(row[1]) && isText(row[2]) ? cells.numberOf(row[1], row[2]) : -1;

export const eventFact = (row: EventRow, projectId: string, cells: Cells): EventFact => ({
  kind: 'event',
  projectId,
  cell: cellOf(cells, row),
  score: row[3],
  costUsd: row[4],
  iterations: row[5],
  passed: row[6] !== 0,
  at: row[7],
});

export const snapshotFact = (row: SnapshotRow, projectId: string, cells: Cells): SnapshotFact => ({
  kind: 'snapshot',
  projectId,
  cell: cellOf(cells, row),
  quality: row[3],
  trust: row[4],
  latencyMs: row[5],
  latencyP95Ms: row[6],
  success: row[7],
  costUsd: row[8],
  calls: row[9],
  failures: row[10],
  validatorFailures: row[11],
  unscored: Boolean(row[12]),
  at: row[13],
});

export const callFact = (row: CallRow, projectId: string, cells: Cells): CallFact => ({
  kind: 'call',
  projectId,
  cell: cellOf(cells, row),
  taskType: row[2] ?? '',
  provider: row[7],
  model: row[1],
  role: row[3],
  subject: isText(row[8]) ? row[8] : null,
  score: row[9],
  served: isText(row[10]) ? row[10] : null,
  costUsd: [row[0], row[1], row[2] ?? '', row[3], row[7]].every(isText) ? row[4] : NaN,
  answered: Boolean(row[5]),
  at: row[6],
});

/** What tasks count with, by what names them; what another program says beyond 0 to 1 is passed over. */
export function decisiveOutcomes(
  rows: readonly OutcomeRow[],
  nameOf = ([projectId, taskId]: OutcomeRow): string => taskKey(projectId, taskId),
): Map<string, DecisiveOutcome> {
  const usable = rows.filter(([, , , value]) => value === null || (value >= 0 && value <= 1));
  const decisive = new Map<string, DecisiveOutcome>();
  for (const [name, ofTask] of Map.groupBy(usable, nameOf)) {
    const said = ofTask.map(([, , source, value, sampled]) => ({ source, value, sampled }));
    const outcome = decisiveOutcome(said);
    if (outcome !== undefined) decisive.set(name, outcome);
  }
  return decisive;
}

export const taskKey = (projectId: string, taskId: string): string => `${projectId}\0${taskId}`;
