import type { Database } from 'better-sqlite3';
import type { RunState } from '../../domain/run-state.ts';
import { hasFactTable } from '../database/fact-tables.ts';
import {
  type RecordedCallRow,
  recordedCallColumns,
  recordedRunOf,
  type RecordedTaskRow,
  recordedTaskColumns,
} from '../recorded-run.ts';
import { isUnscored } from './last-events.ts';

/**
 * What is recorded of one run. No index finds its events, and some hundred thousand take a tenth of a second: a
 * screen asks for it in another thread.
 */
export function recordedRunIn(database: Database, projectId: string): RunState | undefined {
  const tasks = database
    .prepare<[string], RecordedTaskRow>(
      `SELECT ${recordedTaskColumns(isUnscored(database))} FROM routing_events
       WHERE project_id = ? ORDER BY recorded_at, id`,
    )
    .raw()
    .all(projectId);
  const calls = hasFactTable(database, 'model_calls')
    ? database
        .prepare<[string], RecordedCallRow>(
          `SELECT ${recordedCallColumns} FROM model_calls
           WHERE project_id = ? ORDER BY recorded_at, id`,
        )
        .raw()
        .all(projectId)
    : [];
  const snapshot = database
    .prepare('SELECT 1 FROM model_snapshots WHERE project_id = ? LIMIT 1')
    .get(projectId);
  return recordedRunOf(projectId, { tasks, calls, hasEnded: snapshot !== undefined });
}
