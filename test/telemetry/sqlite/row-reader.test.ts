import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRowReader, type RowReader } from '../../../source/telemetry/sqlite/row-reader.ts';

type Fact = { id: number; at: number };

let database: Database.Database;

beforeEach(() => {
  database = new Database(':memory:');
  database.exec(
    `CREATE TABLE rows (id INTEGER PRIMARY KEY, project_id TEXT, model TEXT, task_type TEXT, recorded_at REAL);
     CREATE INDEX idx_rows ON rows(model, task_type, recorded_at);`,
  );
});

afterEach(() => {
  database.close();
});

const readerOf = (index: string): RowReader<Fact> =>
  createRowReader<[number, number], Fact>(database, {
    table: 'rows',
    model: 'model',
    index,
    columns: 'id, recorded_at',
    factOf: ([id, at]) => ({ id, at }),
  });

const idsIn = (
  reader: RowReader<Fact>,
  from: number,
  before: number,
  through: number,
): number[] => {
  const ids: number[] = [];
  reader.byTime(from, before, through, ({ id }) => ids.push(id));
  return ids.toSorted((a, b) => a - b);
};

it('finds the same rows by a sweep of the table and by its index', () => {
  const time = fc.integer({ min: 0, max: 1000 });
  const row = fc.record({
    model: fc.constantFrom('a', 'b', 'c'),
    taskType: fc.constantFrom('x', 'y'),
    at: time,
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), time, time, fc.nat(70), (rows, a, b, through) => {
      database.exec('DELETE FROM rows');
      const insert = database.prepare(
        `INSERT INTO rows (project_id, model, task_type, recorded_at) VALUES ('p', ?, ?, ?)`,
      );
      for (const { model, taskType, at } of rows) insert.run(model, taskType, at);
      const [from, before] = [Math.min(a, b), Math.max(a, b)];
      const swept = readerOf('none');
      const sought = readerOf('idx_rows');
      const wanted = rows.flatMap(({ at }, index) =>
        at >= from && at < before && index + 1 <= through ? [index + 1] : [],
      );
      expect(idsIn(swept, from, before, through)).toEqual(wanted);
      expect(idsIn(sought, from, before, through)).toEqual(wanted);
      const later = rows.filter(({ at }) => at >= from).length;
      expect([swept.countFrom(from, 0), sought.countFrom(from, 0)]).toEqual([later, later]);
    }),
  );
});
