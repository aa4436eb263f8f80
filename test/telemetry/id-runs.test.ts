import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { upgrade } from '../../source/telemetry/database/schema.ts';
import { createIdRuns, eventTable } from '../../source/telemetry/timeline/id-runs.ts';

/** A thousand events, one per second, of two models in turn; some with another time. */
function openDatabase(late: Record<number, number> = {}) {
  const database = new Database(':memory:');
  upgrade(database);
  const insert = database.prepare(
    `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, score, cost_usd,
       iterations, det_passed, recorded_at) VALUES ('p', 't', 'evaluation', ?, 0.5, 0, 1, 1, ?)`,
  );
  for (let id = 1; id <= 1000; id += 1) insert.run(`m${id % 2}`, late[id] ?? 5000 + id);
  return database;
}

describe('the rows of a time', () => {
  it('lie in one run of ids', () => {
    const runs = createIdRuns(openDatabase(), eventTable);
    expect(runs(5100, 5200)).toEqual([{ after: 99, through: 199 }]);
    expect(runs(0, 5000)).toEqual([]);
  });

  it('lie in several runs where rows came late', () => {
    const runs = createIdRuns(openDatabase({ 990: 5005.5 }), eventTable);
    expect(runs(5001, 5011)).toEqual([
      { after: 0, through: 10 },
      { after: 989, through: 990 },
    ]);
  });

  it('may be anywhere where the index is missing', () => {
    const database = openDatabase();
    database.exec('DROP INDEX idx_routing_model');
    expect(createIdRuns(database, eventTable)(0, 1)).toEqual([{ after: 0, through: Infinity }]);
  });
});
