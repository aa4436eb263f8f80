import type { Database, Statement } from 'better-sqlite3';
import { batchTableOf } from '../database/batch-table.ts';
import { type FactTable, hasFactTable } from '../database/fact-tables.ts';
import { recorded } from './columns.ts';
import { type Batch, type Row, type RowKind, rowKinds } from './rows.ts';

/** Inserts batches that are not there already, in one transaction; of an upgraded database. */
export function prepareWrite(connection: Database): (batches: readonly Batch[]) => void {
  const addBatch = connection.prepare(
    `INSERT OR IGNORE INTO ${batchTableOf(connection) ?? 'written_batches'} (writer, batch)
     VALUES (?, ?)`,
  );
  const add = prepareInserts(connection);
  const write = connection.transaction((batches: readonly Batch[]) => {
    for (const batch of batches) {
      const { writer, number } = batch.once ?? batch;
      // The same batch again: it was written, and only the answer got lost.
      if (addBatch.run(BigInt(writer), number).changes === 0) continue;
      for (const kind of rowKinds) batch[kind].forEach(add[kind]);
    }
  });
  return (batches) => write.immediate(batches);
}

/** Inserts one row of each kind; within a transaction of an upgraded database. */
export function prepareInserts(connection: Database): Record<RowKind, (row: Row) => void> {
  const insert = (kind: RowKind): Statement<[Row]> => {
    const { table, columns } = recorded[kind];
    const names = columns.map(([column]) => column);
    // A resumed run offers the calls of its earlier parts again.
    return connection.prepare(
      `INSERT ${kind === 'calls' ? 'OR IGNORE ' : ''}INTO ${table} (${names.join(', ')})
       VALUES (${names.map(() => '?').join(', ')})`,
    );
  };
  /** The two tables of the original have no null for what nobody judged: it is 0, and the row noted elsewhere. */
  const insertScored = (kind: RowKind, field: string, note: FactTable) => {
    const statement = insert(kind);
    const score = recorded[kind].columns.findIndex(([, name]) => name === field);
    const mark = hasFactTable(connection, note)
      ? connection.prepare(`INSERT INTO ${note} VALUES (?)`)
      : undefined;
    return (row: Row): void => {
      const isUnscored = row[score] === null;
      const { lastInsertRowid } = statement.run(isUnscored ? row.with(score, 0) : row);
      if (isUnscored) mark?.run(lastInsertRowid);
    };
  };
  const calls = insert('calls');
  const outcomes = insert('outcomes');
  const tags = insert('tags');
  return {
    events: insertScored('events', 'score', 'unscored_events'),
    snapshots: insertScored('snapshots', 'qualityScore', 'unscored_snapshots'),
    calls: (row) => void calls.run(row),
    outcomes: (row) => void outcomes.run(row),
    tags: (row) => void tags.run(row),
  };
}
