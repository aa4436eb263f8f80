import type { Database } from 'better-sqlite3';
import { columnsOf, sqlByName } from './master-table.ts';

/**
 * The append-only tables that this program adds to the two of the original. Names and columns are a
 * contract with other programs; later versions may add columns, and none goes.
 */
const factSchema = `
CREATE TABLE model_calls (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id          TEXT    NOT NULL,
    call_id             TEXT    NOT NULL,
    task_id             TEXT,
    task_type           TEXT,
    attempt             INTEGER,
    role                TEXT    NOT NULL,
    provider            TEXT    NOT NULL,
    model               TEXT    NOT NULL,
    served_model        TEXT,
    response_id         TEXT,
    subject_model       TEXT,
    score               REAL,
    input_tokens        INTEGER,
    cached_input_tokens INTEGER,
    cache_write_tokens  INTEGER,
    output_tokens       INTEGER,
    reasoning_tokens    INTEGER,
    cost_usd            REAL    NOT NULL,
    cost_estimated      INTEGER NOT NULL,
    latency_ms          REAL    NOT NULL,
    outcome             TEXT    NOT NULL,
    propensity          REAL,
    recorded_at         REAL    NOT NULL,
    UNIQUE (project_id, call_id)
);

CREATE TABLE outcomes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  TEXT    NOT NULL,
    task_id     TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    value       REAL,
    sampled     REAL,
    note        TEXT,
    recorded_at REAL    NOT NULL
);

CREATE TABLE task_tags (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id  TEXT    NOT NULL,
    task_id     TEXT,
    tag_name    TEXT    NOT NULL,
    tag_value   TEXT    NOT NULL,
    recorded_at REAL    NOT NULL
);

CREATE TABLE unscored_events (
    event_id INTEGER PRIMARY KEY
);

CREATE TABLE unscored_snapshots (
    snapshot_id INTEGER PRIMARY KEY
);

CREATE TABLE imported (
    source    TEXT,
    source_id TEXT,
    PRIMARY KEY (source, source_id)
) WITHOUT ROWID;
`;

/** Finds the calls of a time. */
export const callIndex = 'idx_calls_time';
/** Finds the outcomes of a run. */
export const outcomeIndex = 'idx_outcomes_project';
/** Finds the tags of a task. */
export const tagIndex = 'idx_tags_task';

const factTables = ['model_calls', 'outcomes', 'task_tags', 'unscored_events', 'imported'] as const;
/**
 * The ids of snapshots without any scored attempt: `model_snapshots` keeps their quality as 0, which a
 * snapshot whose attempts all scored 0 has as well. Where another program took the name, it is gone without.
 */
const unscoredSnapshots = 'unscored_snapshots';

export type FactTable = (typeof factTables)[number] | typeof unscoredSnapshots;

const statements = new Map(
  factSchema.split(';').flatMap((statement) => {
    const name = /CREATE TABLE (\w+)/.exec(statement)?.[1];
    const columns = [...statement.matchAll(/^ {4}([a-z]\w*)/gm)].map(([, column = '']) => column);
    return name === undefined ? [] : [[name, { sql: statement.trim(), columns }] as const];
  }),
);

/** Whether it is there, made by this program or a later version of it. */
export function hasFactTable(database: Database, table: FactTable): boolean {
  const there = columnsOf(database, table).map(({ name }) => name);
  const wanted = statements.get(table)?.columns ?? [];
  return there.length > 0 && wanted.every((column) => there.includes(column));
}

/** Whether there is nothing to make. */
export function hasFactTables(database: Database): boolean {
  return (
    factTables.every((table) => hasFactTable(database, table)) &&
    sqlByName(database).has(unscoredSnapshots)
  );
}

/** Whether another program made something else under one of these names: then no facts can be written. */
export function isFactTableTaken(database: Database): boolean {
  const taken = sqlByName(database);
  return factTables.some((table) => taken.has(table) && !hasFactTable(database, table));
}

/** Makes those that are missing; within a transaction. */
export function makeFactTables(database: Database): void {
  const taken = sqlByName(database);
  for (const table of [...factTables, unscoredSnapshots]) {
    const sql = statements.get(table)?.sql;
    if (sql !== undefined && !taken.has(table)) database.exec(sql);
  }
  database.exec(`CREATE INDEX IF NOT EXISTS ${callIndex} ON model_calls(recorded_at)`);
  database.exec(`CREATE INDEX IF NOT EXISTS ${outcomeIndex} ON outcomes(project_id)`);
  database.exec(`CREATE INDEX IF NOT EXISTS ${tagIndex} ON task_tags(project_id, task_id)`);
}
