import type { Database } from 'better-sqlite3';
import { recorded, type RowKind } from './columns.ts';
import { columnsOf, sqlByName } from './master-table.ts';

/** Find the calls of a time, the outcomes of a run, the tags of a task. */
export const callIndex = 'idx_calls_time';
export const outcomeIndex = 'idx_outcomes_project';
const tagIndex = 'idx_tags_task';

const typeNames = { text: 'TEXT', number: 'REAL', integer: 'INTEGER', flag: 'INTEGER' };

const definitionsOf = (kind: RowKind): string[] => [
  'id INTEGER PRIMARY KEY AUTOINCREMENT',
  ...recorded[kind].columns.map(
    ([column, , { type, check }]) =>
      `${column} ${typeNames[type]}${check(null) ? '' : ' NOT NULL'}`,
  ),
];

/**
 * The append-only tables that this program adds to the two of the original, each with its columns, and what
 * follows them. Names and columns are a contract with other programs; later versions may add columns, and none
 * goes.
 */
const tables = {
  model_calls: [definitionsOf('calls'), ', UNIQUE (project_id, call_id))'],
  outcomes: [definitionsOf('outcomes'), ')'],
  task_tags: [definitionsOf('tags'), ')'],
  unscored_events: [['event_id INTEGER PRIMARY KEY'], ')'],
  imported: [['source TEXT', 'source_id TEXT'], ', PRIMARY KEY (source, source_id)) WITHOUT ROWID'],
  // The ids of snapshots without any scored attempt: `model_snapshots` keeps their quality as 0, which one
  // whose attempts all scored 0 has as well. Where another program took the name, it is gone without.
  unscored_snapshots: [['snapshot_id INTEGER PRIMARY KEY'], ')'],
} as const satisfies Record<string, readonly [columns: readonly string[], end: string]>;

export type FactTable = keyof typeof tables;
const needed = ['model_calls', 'outcomes', 'task_tags', 'unscored_events', 'imported'] as const;

/** Whether it is there, made by this program or a later version of it. */
export function hasFactTable(database: Database, table: FactTable): boolean {
  const there = new Set(columnsOf(database, table).map(({ name }) => name));
  return tables[table][0].every((definition) => there.has(definition.split(' ')[0] ?? ''));
}

/** Whether there is nothing to make. */
export function hasFactTables(database: Database): boolean {
  return (
    needed.every((table) => hasFactTable(database, table)) &&
    sqlByName(database).has('unscored_snapshots')
  );
}

/** Whether another program made something else under one of these names: then no facts can be written. */
export function isFactTableTaken(database: Database): boolean {
  const taken = sqlByName(database);
  return needed.some((table) => taken.has(table) && !hasFactTable(database, table));
}

/** Makes those that are missing; within a transaction. */
export function makeFactTables(database: Database): void {
  const taken = sqlByName(database);
  for (const [table, [columns, end]] of Object.entries(tables)) {
    if (!taken.has(table)) database.exec(`CREATE TABLE ${table} (${columns.join(', ')}${end}`);
  }
  database.exec(`CREATE INDEX IF NOT EXISTS ${callIndex} ON model_calls(recorded_at)`);
  database.exec(`CREATE INDEX IF NOT EXISTS ${outcomeIndex} ON outcomes(project_id)`);
  database.exec(`CREATE INDEX IF NOT EXISTS ${tagIndex} ON task_tags(project_id, task_id)`);
}
