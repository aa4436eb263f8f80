import type { Database } from 'better-sqlite3';
import { callIndex, hasFactTable } from '../database/fact-tables.ts';
import type { Cells } from '../sums/cells.ts';
import {
  type CallFact,
  type EventFact,
  type Fact,
  type SnapshotFact,
  withOutcome,
} from '../sums/facts.ts';
import { createOutcomeReader } from './outcome-reader.ts';
import { createRowReader, type RowReader, type Use } from './row-reader.ts';

/** The last row of each table. Ids follow commits, so what is above them came later. */
export type Ids = { events: number; snapshots: number; calls: number; outcomes: number };

export const noIds: Ids = { events: 0, snapshots: 0, calls: 0, outcomes: 0 };

/** The rows of a database as facts. */
export type FactReader = {
  lastIds(): Ids;
  /** How many rows there are; takes some milliseconds per 100,000. */
  count(): number;
  /** Rows with ids above `after` and up to `through`, of from ≤ time < before. */
  byId(after: Ids, through: Ids, from: number, before: number, use: Use<Fact>): void;
  /** Rows with from ≤ time < before and ids up to `through`. */
  byTime(from: number, before: number, through: Ids, use: Use<Fact>): void;
  /** Starts of the periods of so many seconds that hold such rows, ascending. */
  startsById(after: Ids, through: Ids, seconds: number, from: number, before: number): number[];
  /** The times of the first row of all and the last one before some time; NaN where there is none. */
  extent(before: number): [first: number, last: number];
  /** Rows with a time of `from` or later and ids above `after`. */
  countFrom(from: number, after: Ids): number;
  /** Projects that have snapshots, or calls, with ids above `after` and up to `through`. */
  projects(table: 'snapshots' | 'calls', after: Ids, through: Ids): string[];
  /**
   * When those tasks were recorded, in rows up to `after`, of which something else was found since, up to
   * `through`: sums of their days do not hold any more.
   */
  misjudged(after: Ids, through: Ids): number[];
  /** Whether any call of a project is recorded. */
  isBilled(projectId: string): boolean;
};

const eventColumns =
  'project_id, model_chosen, task_type, score, cost_usd, iterations, det_passed, recorded_at';
const snapshotColumns = `project_id, model, task_type, quality_score, trust_factor, avg_latency_ms,
  latency_p95_ms, success_rate, avg_cost_usd, call_count, failure_count, validator_fail_count,
  recorded_at`;
const callColumns = `project_id, model, task_type, role, cost_usd, outcome = 'ok', recorded_at, provider,
  subject_model, score, served_model`;

// A number of 0 is rare, and else nothing is looked up.
const noteOf = (number: string, table: string, id: string): string =>
  `CASE WHEN ${number} = 0 THEN EXISTS (SELECT 1 FROM ${table} WHERE ${id} = id) ELSE 0 END`;

type EventColumns = [
  projectId: string,
  model: string,
  taskType: string,
  score: number,
  costUsd: number,
  iterations: number,
  passed: number,
  at: number,
  unscored: number,
  /** Null while there are no outcomes at all: a text more in every row takes time. */
  taskId: string | null,
];
type SnapshotColumns = [
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
  at: number,
  unscored: number,
];
type CallColumns = [
  projectId: string,
  model: string,
  taskType: string | null,
  role: string,
  costUsd: number,
  answered: number,
  at: number,
  provider: string,
  subject: string | null,
  score: number | null,
  served: string | null,
];

export function createFactReader(database: Database, cells: Cells): FactReader {
  let previous = '';
  /** Rows of a run mostly follow one another, and what is looked up by one text is found faster. */
  const shared = (projectId: string): string =>
    projectId === previous ? previous : (previous = projectId);
  const cellOf = (row: readonly [unknown, unknown, unknown, ...unknown[]]): number =>
    isText(row[0]) && isText(row[1]) && isText(row[2]) ? cells.numberOf(row[1], row[2]) : -1;
  const outcomes = createOutcomeReader(database);
  const taskId = hasFactTable(database, 'outcomes')
    ? 'CASE WHEN EXISTS (SELECT 1 FROM outcomes) THEN task_id END'
    : 'NULL';
  const unscoredEvent = hasFactTable(database, 'unscored_events')
    ? noteOf('score', 'unscored_events', 'event_id')
    : '0';
  const events = createRowReader<EventColumns, EventFact>(database, {
    table: 'routing_events',
    model: 'model_chosen',
    index: 'idx_routing_model',
    columns: `${eventColumns}, ${unscoredEvent}, ${taskId}`,
    factOf(row) {
      const projectId = shared(row[0]);
      const judged = row[8] === 0 ? row[3] : null;
      const fact: EventFact = {
        kind: 'event',
        projectId,
        cell: cellOf(row),
        score: judged,
        costUsd: row[4],
        iterations: row[5],
        passed: row[6] !== 0,
        at: row[7],
      };
      return row[9] === null ? fact : withOutcome(fact, outcomes.of(projectId, row[9]));
    },
  });
  const unscoredSnapshot = hasFactTable(database, 'unscored_snapshots')
    ? noteOf('quality_score', 'unscored_snapshots', 'snapshot_id')
    : '0';
  const snapshots = createRowReader<SnapshotColumns, SnapshotFact>(database, {
    table: 'model_snapshots',
    model: 'model',
    index: 'idx_snapshots_model',
    columns: `${snapshotColumns}, ${unscoredSnapshot}`,
    factOf: (row) => snapshotFact(row, shared(row[0]), cellOf(row)),
  });
  const hasCalls = hasFactTable(database, 'model_calls');
  const calls = hasCalls
    ? createRowReader<CallColumns, CallFact>(database, {
        table: 'model_calls',
        index: callIndex,
        columns: callColumns,
        factOf: (row) => ({
          kind: 'call',
          projectId: shared(row[0]),
          cell: row[2] === null ? -1 : cellOf(row),
          model: row[1],
          role: row[3],
          costUsd: hasTexts(row[0], row[1], row[2] ?? '', row[3], row[7]) ? row[4] : NaN,
          answered: row[5] !== 0,
          at: row[6],
          taskType: row[2] ?? '',
          provider: row[7],
          subject: isText(row[8]) ? row[8] : null,
          score: row[9],
          served: isText(row[10]) ? row[10] : null,
        }),
      })
    : undefined;
  const callOf = hasCalls
    ? database.prepare('SELECT 1 FROM model_calls WHERE project_id = ? LIMIT 1')
    : undefined;
  const readers: [keyof Omit<Ids, 'outcomes'>, RowReader<Fact>][] = [
    ['events', events],
    ['snapshots', snapshots],
    ...(calls === undefined
      ? []
      : [['calls', calls] satisfies [keyof Omit<Ids, 'outcomes'>, RowReader<Fact>]]),
  ];

  return {
    lastIds: () => ({
      events: events.lastId(),
      snapshots: snapshots.lastId(),
      calls: calls?.lastId() ?? 0,
      outcomes: outcomes.lastId(),
    }),
    count: () => readers.reduce((sum, [, reader]) => sum + reader.count(), 0),
    byId(after, through, from, before, use) {
      for (const [name, reader] of readers) {
        reader.byId(after[name], through[name], from, before, use);
      }
    },
    byTime(from, before, through, use) {
      for (const [name, reader] of readers) reader.byTime(from, before, through[name], use);
    },
    startsById(after, through, seconds, from, before) {
      const starts = readers.flatMap(([name, reader]) =>
        reader.startsById(after[name], through[name], seconds, from, before),
      );
      return [...new Set(starts)].toSorted((a, b) => a - b);
    },
    extent(before) {
      const ends = readers
        .flatMap(([, reader]) => reader.extent(before))
        .filter((end) => !Number.isNaN(end));
      return ends.length === 0 ? [NaN, NaN] : [Math.min(...ends), Math.max(...ends)];
    },
    countFrom: (from, after) =>
      readers.reduce((sum, [name, reader]) => sum + reader.countFrom(from, after[name]), 0),
    projects(table, after, through) {
      const reader = table === 'snapshots' ? snapshots : calls;
      return reader?.projects(after[table], through[table]) ?? [];
    },
    misjudged: (after, through) =>
      outcomes.timesOfTasks(after.outcomes, through.outcomes, after.events),
    isBilled: (projectId) => callOf?.get(projectId) !== undefined,
  };
}

/** SQLite keeps bytes in a column of texts as they are: another program may have left some. */
const isText = (value: unknown): value is string => typeof value === 'string';
const hasTexts = (...values: readonly unknown[]): boolean => values.every(isText);

function snapshotFact(row: SnapshotColumns, projectId: string, cell: number): SnapshotFact {
  return {
    kind: 'snapshot',
    projectId,
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
    at: row[12],
    unscored: row[13] !== 0,
  };
}

/**
 * Tells whose rows some sums are: the first and the last row of each table that is in them. Ids are never
 * given twice, so a database in which these are the same has the same rows between them.
 */
export function sourceOf(database: Database, { events, snapshots, calls }: Ids): string {
  const ends = (table: string, columns: string, last: number): unknown[] => {
    if (last === 0) return [];
    const rows = (where: string): unknown =>
      database
        .prepare<[number], unknown[]>(`SELECT id, ${columns} FROM ${table} WHERE ${where}`)
        .raw()
        .get(last);
    return [rows('id <= ? ORDER BY id LIMIT 1'), rows('id = ?')];
  };
  return JSON.stringify([
    ends('routing_events', 'project_id, task_id, recorded_at, score, cost_usd', events),
    ends('model_snapshots', 'project_id, model, recorded_at, quality_score', snapshots),
    ends('model_calls', 'project_id, call_id, recorded_at, cost_usd', calls),
  ]);
}
