import type { RecordedOutcome } from '../domain/outcome.ts';

export type RecordedOutcomeRow = [
  taskId: string,
  source: string,
  value: number | null,
  note: string | null,
  at: number,
];
export const recordedOutcomeColumns = 'task_id, source, value, note, recorded_at';

export function recordedOutcomesOf(rows: readonly RecordedOutcomeRow[]): RecordedOutcome[] {
  return rows.map(([taskId, source, value, note, at]) => ({ taskId, source, value, note, at }));
}
