import type { Insight } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { hanging } from './page.ts';
import { byTask } from '../tables/by-task.ts';
import { plainLines } from '../tables/texts.ts';
import type { TextStyle } from '../theme/text-style.ts';

/** Every task type with its models, best first. */
export function byTaskSection(
  { cells, window }: Insight,
  style: TextStyle,
  reasons: Readonly<Record<string, string>> = {},
): string[] {
  if (cells.length === 0) return ['BY TASK TYPE', '', '  No calls in this window.'];
  const facts = { ...window, leaderOf: () => undefined };
  const [head = '', ...lines] = plainLines(byTask, cells, style, facts, { hasHead: true });
  const byType = Map.groupBy(cells.keys(), (index) => cells[index]?.taskType ?? '');
  const groups = [...byType].flatMap(([taskType, indices]) => [
    '',
    style.name(taskTypeLabel(taskType)),
    ...hanging('  ', style.name(ownValue(reasons, taskType) ?? '')).filter(
      (line) => line.trim() !== '',
    ),
    ...indices.map((index) => `  ${lines[index] ?? ''}`),
  ]);
  return ['BY TASK TYPE', '', `  ${head}`, ...groups.slice(1)];
}
