import type { Database } from 'better-sqlite3';
import { columnNames, recorded } from './columns.ts';
import { callIndex, hasFactTables, isFactTableTaken, makeFactTables } from './fact-tables.ts';
import { columnsOf, sqlByName } from './master-table.ts';

/** The version this code writes; a database of the original has 0, one without records of calls 1. */
export const schemaVersion = 2;

/** The two tables and two indexes that the original and this program share, word for word. */
export const sharedSchema = `
CREATE TABLE IF NOT EXISTS model_snapshots (
    id                   INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id           TEXT    NOT NULL,
    model                TEXT    NOT NULL,
    task_type            TEXT    NOT NULL,
    quality_score        REAL    NOT NULL,
    trust_factor         REAL    NOT NULL,
    avg_latency_ms       REAL    NOT NULL,
    latency_p95_ms       REAL    NOT NULL,
    success_rate         REAL    NOT NULL,
    avg_cost_usd         REAL    NOT NULL,
    call_count           INTEGER NOT NULL,
    failure_count        INTEGER NOT NULL,
    validator_fail_count INTEGER NOT NULL,
    recorded_at          REAL    NOT NULL
);

CREATE TABLE IF NOT EXISTS routing_events (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id   TEXT    NOT NULL,
    task_id      TEXT    NOT NULL,
    task_type    TEXT    NOT NULL,
    model_chosen TEXT    NOT NULL,
    reviewer     TEXT,
    score        REAL    NOT NULL,
    cost_usd     REAL    NOT NULL,
    iterations   INTEGER NOT NULL,
    det_passed   INTEGER NOT NULL,
    recorded_at  REAL    NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_snapshots_model ON model_snapshots(model, task_type, recorded_at);
CREATE INDEX IF NOT EXISTS idx_routing_model   ON routing_events(model_chosen, task_type, recorded_at);
`;

/** The columns of the two tables. */
const sharedColumns = (['snapshots', 'events'] as const).map(
  (kind) => [recorded[kind].table, ['id', ...columnNames(kind)]] as const,
);
const indexes = ['idx_snapshots_model', 'idx_routing_model', callIndex];

function nameIn(statement: string): string | undefined {
  return /^CREATE (?:TABLE|INDEX) (?:IF NOT EXISTS )?(\w+)/.exec(statement.trim())?.[1];
}

/**
 * The table with the names of written batches, which makes one that is tried twice count once. It has the
 * second name where another program took the first; once it is there, it stays the one that is used.
 */
const batchTables = ['orchestrator_batches', 'written_batches'] as const;

type BatchTable = (typeof batchTables)[number];

/** The one that is there, made by this program; undefined before the first upgrade. */
export function batchTableOf(database: Database): BatchTable | undefined {
  return batchTables.find((name) => {
    const columns = columnsOf(database, name);
    return (
      columns.length === 2 &&
      ['writer', 'batch'].every((column, index) =>
        columns.some(
          ({ name, type, key }) => name === column && type === 'INTEGER' && key === index + 1,
        ),
      )
    );
  });
}

/** Makes it where it is missing; within a transaction. */
function makeBatchTable(database: Database): void {
  if (batchTableOf(database) !== undefined) return;
  database.exec(`CREATE TABLE ${freeName(database) ?? batchTables[0]} (
    writer INTEGER NOT NULL,
    batch  INTEGER NOT NULL,
    PRIMARY KEY (writer, batch)
) WITHOUT ROWID`);
}

function freeName(database: Database): BatchTable | undefined {
  const taken = sqlByName(database);
  return batchTables.findLast((name) => !taken.has(name));
}

/** The version that a database says it has. */
export function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/**
 * Brings a database to this version in one transaction, whatever is missing; safe when several processes
 * do it at once. A newer version is left alone: the caller asks {@link versionOf} first. What another
 * program made under a name of ours is left as it is, and gone without.
 */
export function upgrade(database: Database): void {
  const run = database.transaction(() => {
    const version = versionOf(database);
    if (version > schemaVersion) return;
    database.exec(sharedSchema);
    makeBatchTable(database);
    makeFactTables(database);
    if (version < schemaVersion) database.pragma(`user_version = ${schemaVersion}`);
  });
  run.immediate();
}

/** Whether nothing needs to be done before writing; spares the write lock on every start. */
export function isCurrent(database: Database): boolean {
  if (versionOf(database) !== schemaVersion) return false;
  const present = sqlByName(database);
  return (
    [...sharedColumns.map(([table]) => table), ...indexes].every((name) => present.has(name)) &&
    batchTableOf(database) !== undefined &&
    hasFactTables(database)
  );
}

/**
 * Whether another program's tables have the names of ours, or left none for the batches, so that nothing
 * can be written here; and of the two, read.
 */
export function isForeign(database: Database, purpose: 'reading' | 'writing'): boolean {
  for (const [table, columns] of sharedColumns) {
    const there = columnsOf(database, table).map(({ name }) => name);
    if (there.length > 0 && !columns.every((name) => there.includes(name))) return true;
  }
  if (purpose === 'reading') return false;
  const hasNoBatches = batchTableOf(database) === undefined && freeName(database) === undefined;
  return hasNoBatches || isFactTableTaken(database);
}

/** Empty tables in place of those of the two that are missing, for this connection alone. */
export function standIn(database: Database, missing: readonly string[]): void {
  for (const statement of sharedSchema.split(';')) {
    const name = nameIn(statement);
    if (name !== undefined && missing.includes(name)) {
      database.exec(statement.replace('CREATE TABLE', 'CREATE TEMP TABLE'));
    }
  }
}

/** The names of the tables that are there, for readers of databases of any version. */
export function tablesOf(database: Database): ReadonlySet<string> {
  const names = database
    .prepare<[], { name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all();
  return new Set(names.map(({ name }) => name));
}
