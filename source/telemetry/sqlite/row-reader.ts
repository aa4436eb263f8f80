import type { Database } from 'better-sqlite3';

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
  countFrom(from: number, after: number): number;
  projects(after: number, through: number): string[];
};

/** The times that both sides include or not: from ≤ recorded_at < before. */
const ofTime = 'recorded_at >= ? AND recorded_at < ?';

export function createRowReader<Row, Fact>(
  database: Database,
  { table, model, index, columns, factOf, smallTable = sweptUpTo }: Table<Row, Fact>,
): RowReader<Fact> {
  const last = database.prepare<[], number | null>(`SELECT max(id) FROM ${table}`).pluck();
  const lastId = (): number => last.get() ?? 0;
  const sweep = database
    .prepare<[number, number, number, number], Row>(
      `SELECT ${columns} FROM ${table} WHERE id > ? AND id <= ? AND ${ofTime} ORDER BY id`,
    )
    .raw();
  const hasIndex = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?`)
    .get(index);
  const groups = hasIndex === undefined ? undefined : groupScan(database, table, model, lastId);
  const inGroup = model === undefined ? '' : `${model} = ? AND task_type = ? AND `;
  const where = `FROM ${table} WHERE ${inGroup}${ofTime} AND id <= ?`;
  const extent = database
    .prepare<(string | number)[], [number, number | null, number | null]>(
      `SELECT count(*), min(id), max(id) ${where}`,
    )
    .raw();
  const sought = database.prepare<(string | number)[], Row>(`SELECT ${columns} ${where}`).raw();
  const later = database
    .prepare<(string | number)[], number>(
      `SELECT count(*) FROM ${table} WHERE ${inGroup}recorded_at >= ?`,
    )
    .pluck();
  const news = database
    .prepare<[number, number], number>(
      `SELECT count(*) FROM ${table} WHERE id > ? AND recorded_at >= ?`,
    )
    .pluck();
  const starts = database
    .prepare<number[], number>(
      `SELECT DISTINCT floor(recorded_at / ?) * ? FROM ${table}
       WHERE id > ? AND id <= ? AND ${ofTime}`,
    )
    .pluck();
  const projects = database
    .prepare<[number, number], string>(
      `SELECT DISTINCT project_id FROM ${table} WHERE id > ? AND id <= ?`,
    )
    .pluck();

  const byId: RowReader<Fact>['byId'] = (after, through, from, before, use) => {
    const end = Math.min(through, lastId());
    for (let start = after; start < end; start += chunk) {
      for (const row of sweep.all(start, Math.min(start + chunk, end), from, before)) {
        use(factOf(row));
      }
    }
  };

  return {
    lastId,
    byId,
    byTime(from, before, through, use) {
      if (groups === undefined || through <= smallTable) {
        byId(0, through, from, before, use);
        return;
      }
      let count = 0;
      let first = Infinity;
      let final = -Infinity;
      const known = groups();
      for (const group of known) {
        const [rows, low, high] = extent.get(...group, from, before, through) ?? [0, null, null];
        count += rows;
        if (low !== null && low < first) first = low;
        if (high !== null && high > final) final = high;
      }
      if (count === 0) return;
      // Ids follow time nearly, so one sweep of the table is mostly all; late rows are sought.
      if (final - first + 1 <= count * mostUnwanted + smallGap) {
        byId(first - 1, final, from, before, use);
        return;
      }
      for (const group of known) {
        for (const row of sought.all(...group, from, before, through)) use(factOf(row));
      }
    },
    startsById: (after, through, seconds, from, before) =>
      starts.all(seconds, seconds, after, through, from, before),
    countFrom(from, after) {
      if (after > 0 || groups === undefined || lastId() <= smallTable)
        return news.get(after, from) ?? 0;
      return groups().reduce((sum, group) => sum + (later.get(...group, from) ?? 0), 0);
    },
    projects: (after, through) => projects.all(after, through),
  };
}

/**
 * All (model, task type)s of a table, two seeks of its index each, however many rows there are. (A
 * comparison of row values would seek by the model alone and walk over all its rows.)
 */
function groupScan(
  database: Database,
  table: string,
  model: string | undefined,
  lastId: () => number,
): () => string[][] {
  if (model === undefined) return () => [[]];
  const nextType = database
    .prepare<[string, string], [string, string]>(
      `SELECT ${model}, task_type FROM ${table} WHERE ${model} = ? AND task_type > ?
       ORDER BY task_type LIMIT 1`,
    )
    .raw();
  const nextModel = database
    .prepare<[string], [string, string]>(
      `SELECT ${model}, task_type FROM ${table} WHERE ${model} > ?
       ORDER BY ${model}, task_type LIMIT 1`,
    )
    .raw();
  let known: { through: number; groups: string[][] } | undefined;
  return () => {
    const through = lastId();
    if (known?.through === through) return known.groups;
    const found: [string, string][] = [];
    let group = nextModel.get('');
    while (group !== undefined) {
      found.push(group);
      group = nextType.get(...group) ?? nextModel.get(group[0]);
    }
    known = { through, groups: found };
    return found;
  };
}
