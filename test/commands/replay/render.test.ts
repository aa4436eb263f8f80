import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderReplay } from '../../../source/commands/replay/render.ts';
import { widthOf } from '../../../source/dashboard/text/index.ts';

const score = fc.double({ min: 0, max: 1, noNaN: true });

const runs = fc.array(
  fc.record({
    expectedScore: score,
    averageCostUsd: fc.double({ min: 1e-6, max: 2, noNaN: true }),
  }),
  { minLength: 1, maxLength: 120 },
);

it('fits the terminal, from 40 columns on, without losing a number', () => {
  fc.assert(
    fc.property(
      runs,
      fc.tuple(score, score, score),
      fc.integer({ min: 40, max: 200 }),
      (given, [leaderScore, bestSingleScore, randomScore], columns) => {
        const text = renderReplay(
          {
            runs: given.map((run, index) => ({
              run: index + 1,
              tasks: 100,
              averageScore: run.expectedScore,
              choices: {},
              explored: 0,
              ...run,
            })),
            references: { leaderScore, bestSingleScore, randomScore },
          },
          { columns, cold: false, summary: 'outcomes.csv: 300 items of 3 task types\n6 runs' },
        );
        for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        for (const wanted of [leaderScore, bestSingleScore, randomScore]) {
          expect(text).toContain(wanted.toFixed(3));
        }
        expect(text).toContain('random choice');
      },
    ),
    { numRuns: 100, seed: 5 },
  );
});
