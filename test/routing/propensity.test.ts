import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { standardNormal } from '../../source/domain/normal.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import type { Candidate } from '../../source/routing/choice.ts';
import { type Challenger, chooseExploration } from '../../source/routing/exploration.ts';
import { propensityOf } from '../../source/routing/propensity.ts';

const candidates = fc
  .array(
    fc.record({
      mean: fc.double({ min: 0.4, max: 0.95, noNaN: true }),
      standardDeviation: fc.double({ min: 0.005, max: 0.2, noNaN: true }),
      costUsd: fc.constantFrom(0, 0.5, 1, 1, 3),
      worthExploring: fc.boolean(),
    }),
    { minLength: 2, maxLength: 6 },
  )
  .map((all) =>
    all.map(({ worthExploring, ...each }, index) => ({
      worthExploring: worthExploring || index === 1,
      candidate: {
        ...each,
        index,
        sample: each.mean,
        scoreVariance: 0.2,
        attempts: 10,
        attemptsOfModel: 10,
        tieBreak: 1,
        goodEnough: true,
      } satisfies Candidate,
    })),
  );

/** How often each is chosen, by sampling. */
function frequencies(
  all: readonly Candidate[],
  challengers: readonly Challenger[],
  terms: Parameters<typeof chooseExploration>[1],
  seed: number,
): number[] {
  const random = seededRandom(seed);
  const counts = all.map(() => 0);
  const rounds = 8000;
  for (let round = 0; round < rounds; round += 1) {
    for (const each of all) {
      each.sample = each.mean + each.standardDeviation * standardNormal(random);
    }
    const { index } = chooseExploration(challengers, terms) ?? terms.incumbent;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count) => count / rounds);
}

it('is the share of decisions that choose the model, of whatever candidates', () => {
  fc.assert(
    fc.property(candidates, fc.constantFrom(0, 0.05), fc.nat(), (entries, tolerance, seed) => {
      const all = entries.map(({ candidate }) => candidate);
      const [incumbent] = all;
      if (incumbent === undefined) return;
      const best = all.reduce((a, b) => (b.mean > a.mean ? b : a));
      const challengers = entries.slice(1);
      const terms = { incumbent, best, tolerance, young: true };
      const sampled = frequencies(all, challengers, terms, seed);
      for (const each of all) {
        const share = sampled[each.index] ?? 0;
        // Five standard errors of the sampling besides what is promised.
        expect(Math.abs(propensityOf(each, challengers, terms) - share)).toBeLessThan(0.02 + 0.028);
      }
    }),
    { numRuns: 30, endOnFailure: true },
  );
});
