import type { Database } from 'better-sqlite3';
import { callIndex, type FactTable, hasFactTable } from '../database/fact-tables.ts';
import {
  type Cells,
  callFact,
  type CallRow,
  eventFact,
  type EventRow,
  factColumns,
  snapshotFact,
  type SnapshotRow,
} from '../sums/fact-rows.ts';
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

export function isSameIds(ids: Ids, others: Ids | undefined): boolean {
  return (
    ids.events === others?.events &&
    ids.snapshots === others.snapshots &&
    ids.calls === others.calls &&
    ids.outcomes === others.outcomes
  );
}

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
  isBilled: (projectId: string) => boolean;
};

/** Whether the 0 of a row is noted as none; such a number is rare, and else nothing is looked up. */
const isNoted = (number: string, note: FactTable, id: string): string =>
  `CASE WHEN ${number} = 0 THEN EXISTS (SELECT 1 FROM ${note} WHERE ${id} = id) ELSE 0 END`;

/** The columns of facts, as far as the tables that they look into are there. */
function columnsOf(database: Database) {
  const ifThere = (table: FactTable, expression: string, otherwise: string): string =>
    hasFactTable(database, table) ? expression : otherwise;
  return factColumns({
    unscoredEvent: ifThere(
      'unscored_events',
      isNoted('score', 'unscored_events', 'event_id'),
      'false',
    ),
    unscoredSnapshot: ifThere(
      'unscored_snapshots',
      isNoted('quality_score', 'unscored_snapshots', 'snapshot_id'),
      'false',
    ),
    task: ifThere('outcomes', 'CASE WHEN EXISTS (SELECT 1 FROM outcomes) THEN task_id END', 'NULL'),
  });
}

export function createFactReader(database: Database, cells: Cells): FactReader {
  let previous = '';
  /** Rows of a run mostly follow one another, and what is looked up by one text is found faster. */
  const shared = (projectId: string): string =>
    projectId === previous ? previous : (previous = projectId);
  const outcomes = createOutcomeReader(database);
  const columns = columnsOf(database);
  const events = createRowReader<EventRow, EventFact>(database, {
    table: 'routing_events',
    model: 'model_chosen',
    index: 'idx_routing_model',
    columns: columns.events,
    factOf(row) {
      const projectId = shared(row[0]);
      const fact = eventFact(row, projectId, cells);
      return row[8] === null ? fact : withOutcome(fact, outcomes.of(projectId, row[8]));
    },
  });
  const snapshots = createRowReader<SnapshotRow, SnapshotFact>(database, {
    table: 'model_snapshots',
    model: 'model',
    index: 'idx_snapshots_model',
    columns: columns.snapshots,
    factOf: (row) => snapshotFact(row, shared(row[0]), cells),
  });
  const hasCalls = hasFactTable(database, 'model_calls');
  const calls = hasCalls
    ? createRowReader<CallRow, CallFact>(database, {
        table: 'model_calls',
        index: callIndex,
        columns: columns.calls,
        factOf: (row) => callFact(row, shared(row[0]), cells),
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
