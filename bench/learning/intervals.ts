import { qualityInterval } from '../../source/telemetry/statistics/index.ts';
import { createRng, sampleScores } from './rng.ts';
import { type Figure, percent } from './figure.ts';

/** How often the 95% interval holds the true mean, over means from 0.3 to 0.95. */
export function intervalFigures(samples: number): Figure[] {
  return (['all-or-nothing', 'graded'] as const).flatMap((grading) =>
    [20, 60, 200].map((n): Figure => {
      const rng = createRng(n);
      let covered = 0;
      for (let sample = 0; sample < samples; sample += 1) {
        const mean = rng.between(0.3, 0.95);
        const interval = qualityInterval(sampleScores(rng, mean, n, grading));
        if (interval !== undefined && interval.low <= mean && mean <= interval.high) covered += 1;
      }
      const share = covered / samples;
      return {
        what: `95% intervals that cover, ${grading}, n = ${n}`,
        asked: '94–97%',
        measured: percent(share),
        met: share >= 0.94 && share <= 0.97,
      };
    }),
  );
}
