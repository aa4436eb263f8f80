import Database, { type Database as Connection } from 'better-sqlite3';
import { closeSync, rmSync } from 'node:fs';
import { createOwnFile, openOwnFile } from '../../files/own-file.ts';
import { fileIdentity } from '../database/file.ts';
import { fileLayout, type KeptPeriod } from '../sums/codec.ts';
import { dayOf, daySeconds, hourSeconds } from '../sums/time.ts';
import type { Ids } from './fact-reader.ts';

/** What the kept sums are sums of. */
export type RollupState = {
  /** What their fields are, see `fileLayout`. */
  layout: string;
  /** Tells the database whose rows they sum from any other, see `sourceOf`. */
  source: string;
  /** How many rows these were: fewer are there where somebody deleted some. */
  rows: number;
  /** Every row up to these ids, … */
  ids: Ids;
  /** … of a time before this, in Unix seconds, is in the sums, … */
  closed: number;
  /** … but for those of the days (in the day of `closed`: hours) that start then. */
  pending: number[];
  /** About how many rows a day has. */
  rowsPerDay: number;
  /** The names of the cells, by the numbers that they are kept by. */
  cells: [model: string, taskType: string][];
};

export type Unit = 'days' | 'hours';

/** Something is the matter with the kept sums: to be gone on without them. */
export class RollupFailure extends Error {}

/**
 * Sums of the past beside a database: a cache, which may be deleted at any time and is built anew from the
 * rows. Throws {@link RollupFailure}s.
 */
export type Rollups = {
  /** Whether their file is still where it was opened. */
  isThere(): boolean;
  /** Changes when they are thrown away and begun anew. */
  build(): number;
  /** To be read only: it is the same object until it changes. */
  state(): RollupState | undefined;
  /** Kept periods with from ≤ start < before. */
  periods(unit: Unit, from: number, before: number): Iterable<[start: number, kept: KeptPeriod]>;
  isSettled(projectId: string): boolean;
  /** Runs an action on one state of them. */
  read<Result>(action: () => Result): Result;
  /** Runs an action that changes them, alone and as a whole or not at all. */
  write<Result>(action: () => Result): Result;
  /** Empties them. */
  reset(): void;
  putState(state: RollupState): void;
  putPeriod(unit: Unit, start: number, kept: KeptPeriod): void;
  drop(unit: Unit, from: number, before: number): void;
  settle(projectIds: readonly string[]): void;
  /** All of them as the bytes of a file. */
  bytes(): Buffer;
  close(): void;
};

const periodColumns = `(start INTEGER PRIMARY KEY, first_at REAL NOT NULL, last_at REAL NOT NULL,
  flags INTEGER NOT NULL, left_out INTEGER NOT NULL, cells BLOB NOT NULL, runs BLOB NOT NULL,
  money BLOB NOT NULL, quarters BLOB NOT NULL, judgements TEXT NOT NULL, names TEXT NOT NULL)`;
const schema = `
CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS days ${periodColumns};
CREATE TABLE IF NOT EXISTS hours ${periodColumns};
CREATE TABLE IF NOT EXISTS settled (project_id TEXT PRIMARY KEY) WITHOUT ROWID;
`;
const tables = ['state', 'days', 'hours', 'settled'];
const busyTimeoutMs = 50;

/** Where the sums of a database are kept: `telemetry.rollups.db` of `telemetry.db`. */
export function rollupsPathOf(path: string): string {
  return `${path.replace(/\.db$/i, '')}.rollups.db`;
}

/** The kept sums of a database, for reading; undefined where there are none that can be read. */
export function openRollups(path: string): Rollups | undefined {
  const file = rollupsPathOf(path);
  try {
    if (!isOwn(file)) return undefined;
    const connection = new Database(file, {
      readonly: true,
      fileMustExist: true,
      timeout: busyTimeoutMs,
    });
    return createRollups(connection, file);
  } catch {
    return undefined;
  }
}

/** The same for writing: made if there are none; undefined where there is no place for them. */
export function openRollupsForWriting(path: string): Rollups | undefined {
  const file = rollupsPathOf(path);
  try {
    return openOrMake(file);
  } catch (error) {
    // What SQLite takes for no database, for a damaged one, or for one of other columns, is of no use.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!/^SQLITE_(?:NOTADB|CORRUPT|ERROR)/.test(code)) return undefined;
  }
  try {
    for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
    return openOrMake(file);
  } catch {
    return undefined;
  }
}

/** Sums that are kept in memory alone, as another thread handed them over. */
export function rollupsInMemory(bytes?: Buffer): Rollups {
  const connection = bytes === undefined ? new Database(':memory:') : new Database(bytes);
  connection.exec(schema);
  return createRollups(connection, '');
}

function isOwn(file: string): boolean {
  const opened = openOwnFile(file);
  if (opened.ok) closeSync(opened.descriptor);
  return opened.ok;
}

function openOrMake(file: string): Rollups | undefined {
  const opened = openOwnFile(file);
  if (opened.ok) closeSync(opened.descriptor);
  else if (opened.reason === 'missing') closeSync(createOwnFile(file));
  else return undefined;
  const connection = new Database(file, { timeout: busyTimeoutMs });
  try {
    const there = connection
      .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .pluck()
      .all();
    // Something else of this name is not ours to change.
    if (there.some((name) => !tables.includes(name))) {
      connection.close();
      return undefined;
    }
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = NORMAL');
    connection.exec(schema);
    return createRollups(connection, file);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** `file` is empty for what is in memory alone. */
function createRollups(connection: Connection, file: string): Rollups {
  const identity = fileIdentity(file);
  let known: { text: string; state: RollupState | undefined } | undefined;
  const getState = connection.prepare<[], string>('SELECT text FROM state').pluck();
  const settled = connection.prepare('SELECT 1 FROM settled WHERE project_id = ?');
  const kept = (unit: Unit) =>
    connection.prepare<[number, number], KeptPeriod & { start: number }>(
      `SELECT start, first_at AS firstAt, last_at AS lastAt, flags, left_out AS leftOut, cells, runs,
           money, quarters, judgements, names
         FROM ${unit} WHERE start >= ? AND start < ? ORDER BY start`,
    );
  const found = { days: kept('days'), hours: kept('hours') };
  const run = connection.transaction((action: () => void) => action());
  const once = <Result>(mode: 'deferred' | 'immediate', action: () => Result): Result => {
    let outcome: { value: Result } | { error: unknown } | undefined;
    try {
      run[mode](() => {
        try {
          outcome = { value: action() };
        } catch (error) {
          outcome = { error };
          throw error;
        }
      });
    } catch (error) {
      // What the action threw may be of another database.
      throw outcome !== undefined && 'error' in outcome ? error : failureOf(error);
    }
    if (outcome === undefined || 'error' in outcome) throw failureOf(outcome?.error);
    return outcome.value;
  };

  return {
    isThere: () => identity === fileIdentity(file),
    build: () => guarded(() => Number(connection.pragma('user_version', { simple: true }))),
    state() {
      const text = guarded(() => getState.get());
      if (text !== known?.text)
        known = text === undefined ? undefined : { text, state: parsed(text) };
      return known?.state;
    },
    *periods(unit, from, before) {
      const rows = guarded(() => found[unit].all(from, before));
      for (const row of rows) yield [row.start, row];
    },
    isSettled: (projectId) => guarded(() => settled.get(projectId) !== undefined),
    read: (action) => once('deferred', action),
    write: (action) => once('immediate', action),
    reset() {
      for (const table of tables) connection.exec(`DELETE FROM ${table}`);
      const build = Number(connection.pragma('user_version', { simple: true }));
      connection.pragma(`user_version = ${build + 1}`);
    },
    putState(state) {
      connection
        .prepare('INSERT OR REPLACE INTO state (id, text) VALUES (1, ?)')
        .run(JSON.stringify(state));
    },
    putPeriod(unit, start, kept) {
      connection
        .prepare(
          `INSERT OR REPLACE INTO ${unit} VALUES (@start, @firstAt, @lastAt, @flags, @leftOut, @cells,
             @runs, @money, @quarters, @judgements, @names)`,
        )
        .run({ start, ...kept });
    },
    drop(unit, from, before) {
      connection.prepare(`DELETE FROM ${unit} WHERE start >= ? AND start < ?`).run(from, before);
    },
    settle(projectIds) {
      connection
        .prepare('INSERT OR IGNORE INTO settled SELECT value FROM json_each(?)')
        .run(JSON.stringify(projectIds));
    },
    bytes: () => connection.serialize(),
    close: () => void connection.close(),
  };
}

/** Times whose rows are in no kept sum though their ids are of those that are: what is pending, and after it all. */
export function gapsOf(
  { closed, pending }: RollupState,
  from: number,
  before: number,
): [number, number][] {
  const today = dayOf(closed);
  const gaps: [number, number][] = [];
  for (const start of [...pending, closed]) {
    if (start < from && start !== closed) continue;
    const end = Math.min(
      before,
      start === closed ? before : start + (start < today ? daySeconds : hourSeconds),
    );
    const previous = gaps.at(-1);
    if (previous?.[1] === start) previous[1] = end;
    else gaps.push([Math.max(start, from), end]);
  }
  return gaps.filter(([start, end]) => start < end);
}

/** Takes the newest of what is pending, with up to `most` days, or hours, that follow one another: they are swept at once. */
export function newestStretch(
  pending: number[],
  today: number,
  most: number,
): { from: number; before: number; isDay: boolean } | undefined {
  let from = pending.pop();
  if (from === undefined) return undefined;
  const isDay = from < today;
  const length = isDay ? daySeconds : hourSeconds;
  const before = from + length;
  const earliest = before - most * length;
  while (pending.at(-1) === from - length && from > earliest) {
    if (from - length < today !== isDay) break;
    from -= length;
    pending.pop();
  }
  return { from, before, isDay };
}

function parsed(text: string): RollupState | undefined {
  const state: RollupState = JSON.parse(text);
  return state.layout === fileLayout ? state : undefined;
}

function guarded<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw failureOf(error);
  }
}

function failureOf(error: unknown): RollupFailure {
  if (error instanceof RollupFailure) return error;
  return new RollupFailure('the kept sums cannot be used', { cause: error });
}
