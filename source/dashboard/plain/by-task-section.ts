import type { CellStanding, Insight } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCost,
  formatCount,
  formatInterval,
  formatQuality,
  formatValue,
  notJudged,
} from '../format/index.ts';
import { table, type Pen } from './page.ts';

/** Every task type with its models, best first. */
export function byTaskSection({ cells }: Insight, pen: Pen): string[] {
  if (cells.length === 0) return ['BY TASK TYPE', '', '  No calls in this window.'];
  const columns = [
    {},
    {},
    { align: 'right' },
    {},
    { align: 'right' },
    { align: 'right' },
    { align: 'right' },
  ] as const;
  const head = ['', 'model', 'quality', '', 'calls', '$/k', 'value'];
  const lines = table([head, ...cells.map((cell) => row(cell, pen))], columns);
  const [headLine = '', ...cellLines] = lines;
  const byType = Map.groupBy(cells.keys(), (index) => cells[index]?.taskType ?? '');
  const groups = [...byType].flatMap(([taskType, indices]) => [
    '',
    pen.name(taskTypeLabel(taskType)),
    ...indices.map((index) => `  ${cellLines[index] ?? ''}`),
  ]);
  return ['BY TASK TYPE', '', `  ${headLine}`, ...groups.slice(1)];
}

function row(cell: CellStanding, pen: Pen): string[] {
  return [
    pen.glyphs.confidence[cell.confidence],
    pen.name(cell.model),
    cell.qualityScore === null ? notJudged : formatQuality(cell.qualityScore),
    pen.sign(formatInterval(cell.qualityInterval)),
    formatCount(cell.callCount),
    formatCost(cell.averageCostUsd),
    cell.valueScore === null ? pen.nothing : formatValue(cell.valueScore),
  ];
}
