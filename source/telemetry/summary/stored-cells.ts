import type { Database } from 'better-sqlite3';
import type { Cells } from '../timeline/cells.ts';

/** Between the numbers of a reader's cells and those of `summary_cells`. */
export type StoredCells = {
  /** The stored number of a cell; given out and inserted when there is none. */
  storedOf(cell: number): number;
  /** The cell of a stored number. */
  cellOf(stored: number): number;
};

export function createStoredCells(database: Database, cells: Cells): StoredCells {
  const insert = database.prepare<[string, string]>(
    'INSERT OR IGNORE INTO summary_cells (model, task_type) VALUES (?, ?)',
  );
  const find = database
    .prepare<[string, string], number>(
      'SELECT id FROM summary_cells WHERE model = ? AND task_type = ?',
    )
    .pluck();
  const above = database
    .prepare<[number], [number, string, string]>(
      'SELECT id, model, task_type FROM summary_cells WHERE id > ? ORDER BY id',
    )
    .raw();
  const byStored: number[] = [];
  let read = 0;

  return {
    // Not remembered: the transaction that inserted it may be rolled back.
    storedOf(cell) {
      const { model, taskType } = cells.of(cell);
      const known = find.get(model, taskType);
      if (known !== undefined) return known;
      return Number(insert.run(model, taskType).lastInsertRowid);
    },
    cellOf(stored) {
      if (stored > read) {
        for (const [id, model, taskType] of above.all(read)) {
          byStored[id] = cells.numberOf(model, taskType);
          read = id;
        }
      }
      const cell = byStored[stored];
      if (cell === undefined) throw new Error(`summary_cells has no cell ${stored}`);
      return cell;
    },
  };
}
