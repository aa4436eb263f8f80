import type { Database } from 'better-sqlite3';
import type { EventRow } from '../../domain/insight.ts';
import type { EventsWanted } from '../engine.ts';
import { hasFactTable } from '../database/fact-tables.ts';

type Columns = {
  id: number;
  project_id: string;
  task_id: string;
  task_type: string;
  model_chosen: string;
  reviewer: string | null;
  score: number;
  cost_usd: number;
  iterations: number;
  det_passed: number;
  recorded_at: number;
  unscored: number;
};

/** The expression that tells whether nobody judged an event. */
export const isUnscored = (database: Database): string =>
  hasFactTable(database, 'unscored_events')
    ? 'score = 0 AND id IN (SELECT event_id FROM unscored_events)'
    : '0';

/** The latest events of some cells, newest first; one short walk down the index for each of them. */
export function lastEventsOf(
  database: Database,
  {
    cells,
    from = -Infinity,
    until,
    most,
  }: Omit<EventsWanted, 'model' | 'taskType'> & {
    cells: readonly { model: string; taskType: string }[];
  },
): EventRow[] {
  // Of each as many as of all together may be wanted: first which, by the index alone.
  const ofCell = database
    .prepare<[string, string, number, number, number], [id: number, at: number]>(
      `SELECT id, recorded_at FROM routing_events
       WHERE model_chosen = ? AND task_type = ? AND recorded_at BETWEEN ? AND ?
       ORDER BY recorded_at DESC, id DESC LIMIT ?`,
    )
    .raw();
  const unscored = isUnscored(database);
  const byId = database.prepare<[number], Columns>(
    `SELECT *, ${unscored} AS unscored FROM routing_events WHERE id = ?`,
  );
  return cells
    .flatMap(({ model, taskType }) => ofCell.all(model, taskType, from, until, most))
    .toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
    .slice(0, most)
    .flatMap(([id]) => byId.all(id).filter(isReadable).map(eventRow));
}

/** Another program may have left bytes in place of a name, or a text in place of a number. */
function isReadable(row: Columns): boolean {
  return (
    [row.project_id, row.task_id, row.reviewer ?? ''].every((name) => typeof name === 'string') &&
    [row.score, row.cost_usd, row.iterations].every((number) => typeof number === 'number')
  );
}

function eventRow(row: Columns): EventRow {
  return {
    id: row.id,
    projectId: row.project_id,
    taskId: row.task_id,
    taskType: row.task_type,
    model: row.model_chosen,
    ...(row.reviewer === null ? {} : { reviewer: row.reviewer }),
    ...(row.unscored === 0 ? { score: row.score } : {}),
    costUsd: row.cost_usd,
    iterations: row.iterations,
    deterministicPassed: row.det_passed !== 0,
    recordedAt: row.recorded_at,
  };
}
