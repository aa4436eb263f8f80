import { expect, it } from 'vitest';
import { changeOf } from '../../../source/dashboard/data/verdict-change.ts';
import type { CellStats, Insight } from '../../../source/domain/insight.ts';
import { mockInsight } from '../../support/insight.ts';

const [cell] = mockInsight().cells;
if (cell === undefined) throw new Error('the mock has no cells');

const after = (change: Partial<CellStats>): Insight => ({
  ...mockInsight(),
  cells: [{ ...cell, ...change }],
});

it('tells what a verdict changed of the model that wrote the result', () => {
  const before = { ...cell, qualityScore: 0.88 };
  expect(changeOf(before, after({ qualityScore: 0.81 }))).toMatch(
    /^Quality 0\.880 → 0\.810 \(.+ on .+\)\.$/,
  );
});

it.each([
  ['nothing of it shows', { qualityScore: 0.88 }],
  ['other tasks ended meanwhile', { qualityScore: 0.81, taskCount: cell.taskCount + 1 }],
  ['other attempts were made meanwhile', { qualityScore: 0.81, callCount: cell.callCount + 1 }],
])('says nothing where %s', (_, change) => {
  expect(changeOf({ ...cell, qualityScore: 0.88 }, after(change))).toBeUndefined();
});
