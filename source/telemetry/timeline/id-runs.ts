import type { Database } from 'better-sqlite3';

/** Ids with after < id ≤ through. */
export type IdRun = { after: number; through: number };

/** Ids in a run that may be of another time, per id that is wanted, before runs are cut more finely. */
const mostUnwanted = 4;
/** Ids between two wanted ones that are read along rather than sought past. */
const smallGap = 200;

type Table = { name: 'routing_events' | 'model_snapshots'; model: string; index: string };

export const eventTable: Table = {
  name: 'routing_events',
  model: 'model_chosen',
  index: 'idx_routing_model',
};
export const snapshotTable: Table = {
  name: 'model_snapshots',
  model: 'model',
  index: 'idx_snapshots_model',
};

/**
 * Finds where the rows of a span of time lie, by the index on (model, task type, time) alone. Ids follow
 * time nearly, so that is mostly one run, which is read from the table in one sweep; late rows and clock
 * jumps make it several.
 */
export function createIdRuns(
  database: Database,
  table: Table,
): (from: number, before: number) => IdRun[] {
  if (!hasIndex(database, table.index)) return () => [{ after: 0, through: Infinity }];
  const cellsOf = cellScan(database, table);
  const where = `FROM ${table.name} WHERE ${table.model} = ? AND task_type = ?
    AND recorded_at >= ? AND recorded_at < ?`;
  const extent = database
    .prepare<[string, string, number, number], [number, number | null, number | null]>(
      `SELECT count(*), min(id), max(id) ${where}`,
    )
    .raw();
  const ids = database
    .prepare<[string, string, number, number], number>(`SELECT id ${where}`)
    .pluck();

  return (from, before) => {
    const cells = cellsOf();
    let count = 0;
    let first = Infinity;
    let last = -Infinity;
    for (const [model, taskType] of cells) {
      const [rows, low, high] = extent.get(model, taskType, from, before) ?? [0, null, null];
      count += rows;
      if (low !== null && low < first) first = low;
      if (high !== null && high > last) last = high;
    }
    if (count === 0) return [];
    if (last - first + 1 <= count * mostUnwanted + smallGap) {
      return [{ after: first - 1, through: last }];
    }
    return runsOf(cells.flatMap(([model, taskType]) => ids.all(model, taskType, from, before)));
  };
}

function runsOf(ids: readonly number[]): IdRun[] {
  const runs: IdRun[] = [];
  for (const id of ids.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run !== undefined && id - run.through <= smallGap) run.through = id;
    else runs.push({ after: id - 1, through: id });
  }
  return runs;
}

/**
 * All (model, task type)s of a table, two seeks of its index each, however many rows there are. (A
 * comparison of row values would seek by the model alone and walk over all its rows.)
 */
function cellScan(database: Database, { name, model }: Table): () => [string, string][] {
  const nextType = database
    .prepare<[string, string], [string, string]>(
      `SELECT ${model}, task_type FROM ${name} WHERE ${model} = ? AND task_type > ?
       ORDER BY task_type LIMIT 1`,
    )
    .raw();
  const nextModel = database
    .prepare<[string], [string, string]>(
      `SELECT ${model}, task_type FROM ${name} WHERE ${model} > ?
       ORDER BY ${model}, task_type LIMIT 1`,
    )
    .raw();
  return () => {
    const found: [string, string][] = [];
    let cell = nextModel.get('');
    while (cell !== undefined) {
      found.push(cell);
      cell = nextType.get(...cell) ?? nextModel.get(cell[0]);
    }
    return found;
  };
}

function hasIndex(database: Database, name: string): boolean {
  const found = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?`)
    .get(name);
  return found !== undefined;
}
