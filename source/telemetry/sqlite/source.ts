import type { Database } from 'better-sqlite3';
import type { Ids } from './fact-reader.ts';

/**
 * Tells whose rows some sums are: the first and the last row of each table that is in them. Ids are never
 * given twice, so a database in which these are the same has the same rows between them.
 */
export function sourceOf(database: Database, { events, snapshots, calls }: Ids): string {
  const ends = (table: string, columns: string, last: number): unknown[] => {
    if (last === 0) return [];
    const rows = (where: string): unknown =>
      database
        .prepare<[number], unknown[]>(`SELECT id, ${columns} FROM ${table} WHERE ${where}`)
        .raw()
        .get(last);
    return [rows('id <= ? ORDER BY id LIMIT 1'), rows('id = ?')];
  };
  return JSON.stringify([
    ends('routing_events', 'project_id, task_id, recorded_at, score, cost_usd', events),
    ends('model_snapshots', 'project_id, model, recorded_at, quality_score', snapshots),
    ends('model_calls', 'project_id, call_id, recorded_at, cost_usd', calls),
  ]);
}
