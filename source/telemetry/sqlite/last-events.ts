import type { Database } from 'better-sqlite3';
import { defined } from '../../domain/defined.ts';
import type { EventRow } from '../../domain/insight.ts';
import type { EventsWanted } from '../engine.ts';
import { hasFactTable } from '../database/fact-tables.ts';
import { eventColumns, eventRow } from '../reads/queries.ts';
import { createOutcomeReader } from './outcome-reader.ts';

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
  const columns = eventColumns(isUnscored(database));
  const byId = database
    .prepare<[number], [number, ...unknown[]]>(`SELECT ${columns} FROM routing_events WHERE id = ?`)
    .raw();
  const outcomes = createOutcomeReader(database);
  return cells
    .flatMap(({ model, taskType }) => ofCell.all(model, taskType, from, until, most))
    .toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
    .slice(0, most)
    .flatMap(([id]) => byId.all(id).map(eventRow).filter(isReadable))
    .map((event) => ({
      ...event,
      ...defined({ found: outcomes.of(event.projectId, event.taskId) }),
    }));
}

/** Another program may have left bytes in place of a name, or a text in place of a number. */
function isReadable({ projectId, taskId, reviewer = '', score = 0, ...event }: EventRow): boolean {
  return (
    [projectId, taskId, reviewer].every((name) => typeof name === 'string') &&
    [score, event.costUsd, event.iterations].every((number) => typeof number === 'number')
  );
}
