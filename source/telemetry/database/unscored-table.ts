import type { Database } from 'better-sqlite3';
import { columnsOf, sqlByName } from './master-table.ts';

/**
 * The ids of snapshots without any scored attempt: `model_snapshots` keeps their quality as 0, which a
 * snapshot whose attempts all scored 0 has as well. Where another program took the name, it is gone without.
 */
export const unscoredTable = 'unscored_snapshots';

/** Whether it is there, made by this program. */
export function hasUnscoredTable(database: Database): boolean {
  const [column, ...others] = columnsOf(database, unscoredTable);
  return others.length === 0 && column?.name === 'snapshot_id' && column.key === 1;
}

/** Makes it where its name is free. */
export function makeUnscoredTable(database: Database): void {
  if (sqlByName(database).has(unscoredTable)) return;
  database.exec(`CREATE TABLE ${unscoredTable} (snapshot_id INTEGER PRIMARY KEY)`);
}
