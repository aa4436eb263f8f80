import type { Database } from 'better-sqlite3';
import { columnsOf, sqlByName } from './master-table.ts';

/**
 * The table with the names of written batches, which makes one that is tried twice count once. It has the
 * second name where another program took the first; once it is there, it stays the one that is used.
 */
const names = ['orchestrator_batches', 'written_batches'] as const;

type BatchTable = (typeof names)[number];

/** The one that is there, made by this program; undefined before the first upgrade. */
export function batchTableOf(database: Database): BatchTable | undefined {
  return names.find((name) => {
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

/** Whether a name is free for it. */
export function hasBatchRoom(database: Database): boolean {
  return freeName(database) !== undefined;
}

/** Makes it where it is missing; within a transaction. */
export function makeBatchTable(database: Database): void {
  if (batchTableOf(database) !== undefined) return;
  database.exec(`CREATE TABLE ${freeName(database) ?? names[0]} (
    writer INTEGER NOT NULL,
    batch  INTEGER NOT NULL,
    PRIMARY KEY (writer, batch)
) WITHOUT ROWID`);
}

function freeName(database: Database): BatchTable | undefined {
  const taken = sqlByName(database);
  return names.findLast((name) => !taken.has(name));
}
