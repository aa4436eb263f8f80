import type { Database } from 'better-sqlite3';
import { hourSeconds } from '../sums/time.ts';

/** Ids read at once: rows that are let go of young cost the collector nothing. */
const chunk = 2000;
/** Ids of another time that are swept along, per id that is wanted, before rows are sought one by one. */
const mostUnwanted = 4;
const smallGap = 200;
/** Up to this many ids a sweep of them all is faster than seeking in the index, group by group. */
const sweptUpTo = 10_000;

export type Table<Row, Fact> = {
  table: string;
  /** The column of the model, where the index begins with (model, task type); else it is of the time alone. */
  model?: string;
  index: string;
  columns: string;
  factOf: (row: Row) => Fact;
  /** Largest table that is swept as a whole; a test gives 0, so that small ones are sought in. */
  smallTable?: number;
};

/** Takes one fact; a generator in its place takes three times as long before it is compiled. */
export type Use<Fact> = (fact: Fact) => void;

/** One table as facts; by id, or by time. */
export type RowReader<Fact> = {
  lastId(): number;
  /** All rows; walks over an index. */
  count(): number;
  byId(after: number, through: number, from: number, before: number, use: Use<Fact>): void;
  byTime(from: number, before: number, through: number, use: Use<Fact>): void;
  /** Starts of the periods of so many seconds that hold rows with after < id ≤ through, from ≤ time < before. */
  startsById(
    after: number,
    through: number,
    seconds: number,
    from: number,
    before: number,
  ): number[];
  /** The times of the first and the last row before some time; NaN where there is none. */
  extent(before: number): [first: number, last: number];
  countFrom(from: number, after: number): number;
  projects(after: number, through: number): string[];
};

/** The times that both sides include or not: from ≤ recorded_at < before. */
const ofTime = 'recorded_at >= ? AND recorded_at < ?';

export function createRowReader<Row, Fact>(
  database: Database,
  { table, model, index, columns, factOf, smallTable = sweptUpTo }: Table<Row, Fact>,
): RowReader<Fact> {
  const { lastOf, sweep, extent, ends, sought, later, news, starts, projects } = statementsOf<Row>(
    database,
    { table, model, index, columns },
  );

  const lastId = (): number => lastOf().get() ?? 0;
  const byId: RowReader<Fact>['byId'] = (after, through, from, before, use) => {
    const end = Math.min(through, lastId());
    for (let start = after; start < end; start += chunk) {
      for (const row of sweep().all(start, Math.min(start + chunk, end), from, before)) {
        use(factOf(row));
      }
    }
  };

  return {
    lastId,
    count: () => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()),
    byId,
    byTime(from, before, through, use) {
      if (through <= smallTable) {
        byId(0, through, from, before, use);
        return;
      }
      // Where an edge of a window lies: few rows, for which to look for their extent costs as much as to seek them.
      if (before - from > hourSeconds) {
        const [rows = 0, first = 0, last = 0] = extent().get(from, before, through) ?? [];
        if (rows === 0) return;
        // Ids follow time nearly, so one sweep of the table is mostly all; late rows are sought.
        if (last - first + 1 <= rows * mostUnwanted + smallGap) {
          byId(first - 1, last, from, before, use);
          return;
        }
      }
      for (const row of sought().all(from, before, through)) use(factOf(row));
    },
    startsById: (after, through, seconds, from, before) =>
      starts().all(seconds, seconds, after, through, from, before),
    extent(before) {
      const [first, last] = ends().get(before) ?? [];
      return [first ?? NaN, last ?? NaN];
    },
    countFrom: (from, after) =>
      (after > 0 || lastId() <= smallTable ? news().get(after, from) : later().get(from)) ?? 0,
    projects: (after, through) => projects().all(after, through),
  };
}

type Place = { table: string; model: string | undefined; index: string };

/** The statements of one table; each is prepared when it is first used. */
function statementsOf<Row>(database: Database, { columns, ...place }: Place & { columns: string }) {
  const { table } = place;
  const byIds = `FROM ${table} WHERE id > ? AND id <= ? AND ${ofTime}`;
  const { prefix, from: byIndex, ends: endsByIndex } = indexOf(database, place);
  return {
    lastOf: lazily(() =>
      database.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck(),
    ),
    sweep: lazily(() =>
      database.prepare<number[], Row>(`SELECT ${columns} ${byIds} ORDER BY id`).raw(),
    ),
    extent: lazily(() =>
      database
        .prepare<number[], [rows: number, first: number, last: number]>(
          `${prefix} SELECT count(*), min(id), max(id) ${byIndex} AND ${ofTime} AND id <= ?`,
        )
        .raw(),
    ),
    ends: lazily(() =>
      database.prepare<[number], [first: number | null, last: number | null]>(endsByIndex).raw(),
    ),
    sought: lazily(() =>
      database
        .prepare<number[], Row>(`${prefix} SELECT ${columns} ${byIndex} AND ${ofTime} AND id <= ?`)
        .raw(),
    ),
    later: lazily(() =>
      database
        .prepare<[number], number>(`${prefix} SELECT count(*) ${byIndex} AND recorded_at >= ?`)
        .pluck(),
    ),
    news: lazily(() =>
      database
        .prepare<number[], number>(
          `SELECT count(*) FROM ${table} WHERE id > ? AND recorded_at >= ?`,
        )
        .pluck(),
    ),
    starts: lazily(() =>
      database
        .prepare<number[], number>(`SELECT DISTINCT floor(recorded_at / ?) * ? ${byIds}`)
        .pluck(),
    ),
    projects: lazily(() =>
      database
        .prepare<number[], string>(
          `SELECT DISTINCT project_id FROM ${table} WHERE id > ? AND id <= ?`,
        )
        .pluck(),
    ),
  };
}

/** How rows of a time are found: by the index, if it is there. */
function indexOf(
  database: Database,
  { table, model, index }: Place,
): { prefix: string; from: string; ends: string } {
  const isThere = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?`)
    .get(index);
  if (model === undefined || isThere === undefined) {
    return {
      prefix: '',
      from: `FROM ${table} WHERE true`,
      ends: `SELECT (SELECT min(recorded_at) FROM ${table}),
        (SELECT max(recorded_at) FROM ${table} WHERE recorded_at < ?)`,
    };
  }
  // All (model, task type)s, two seeks of the index each, however many rows there are: SQLite would walk over
  // all rows of a model by itself.
  const prefix = `WITH RECURSIVE
      known_model (its_model) AS (
        SELECT min(${model}) FROM ${table}
        UNION ALL
        SELECT (SELECT min(${model}) FROM ${table} WHERE ${model} > its_model)
        FROM known_model WHERE its_model IS NOT NULL),
      known_cell (cell_model, cell_type) AS (
        SELECT its_model, (SELECT min(task_type) FROM ${table} WHERE ${model} = its_model)
        FROM known_model WHERE its_model IS NOT NULL
        UNION ALL
        SELECT cell_model, (SELECT min(task_type) FROM ${table}
          WHERE ${model} = cell_model AND task_type > cell_type)
        FROM known_cell WHERE cell_type IS NOT NULL)`;
  const ofCell = `${model} = cell_model AND task_type = cell_type`;
  return {
    prefix,
    from: `FROM known_cell CROSS JOIN ${table}
      WHERE ${ofCell}`,
    // One seek each, where min and max of them all together would walk over every row.
    ends: `${prefix} SELECT
        min((SELECT min(recorded_at) FROM ${table} WHERE ${ofCell})),
        max((SELECT max(recorded_at) FROM ${table} WHERE ${ofCell} AND recorded_at < ?))
      FROM known_cell WHERE cell_type IS NOT NULL`,
  };
}

/** A statement is prepared when it is first used: most readers need few of them. */
function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
