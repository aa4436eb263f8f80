import type { Insight } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatScore } from '../format/index.ts';
import { table, type Pen } from './page.ts';

export function leadersSection({ leaders, cells: known }: Insight, pen: Pen): string[] {
  const cells = Object.entries(leaders).map(([taskType, leader]) => [
    pen.name(taskTypeLabel(taskType)),
    pen.name(leader.model),
    formatScore(leader.qualityScore),
    pen.glyphs.confidence[leader.confidence],
  ]);
  if (cells.length === 0) {
    const lack = known.length === 0 ? 'call' : 'judged answer';
    return ['TASK-TYPE LEADERS', '', `  No task type has a ${lack} yet.`];
  }
  // Two side by side, as many rows as half of them.
  const half = Math.ceil(cells.length / 2);
  const rows = Array.from({ length: half }, (_, index) => [
    ...(cells[index] ?? []),
    ...(cells[index + half] ?? []),
  ]);
  const columns = Array.from({ length: 8 }, () => ({}));
  return ['TASK-TYPE LEADERS', '', ...table(rows, columns).map((line) => `  ${line}`)];
}
