import type { Insight } from '../../domain/insight.ts';
import { leaders as columns } from '../tables/by-task.ts';
import { plainCells } from '../tables/texts.ts';
import { table } from '../text/index.ts';
import type { TextStyle } from '../theme/text-style.ts';

export function leadersSection({ leaders, cells: known }: Insight, style: TextStyle): string[] {
  const cells = plainCells(columns, Object.values(leaders), style, undefined);
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
  return [
    'TASK-TYPE LEADERS',
    '',
    ...table(
      rows,
      Array.from({ length: 8 }, () => ({})),
    ).map((line) => `  ${line}`),
  ];
}
