import { momentsOf, type Moments } from '../../source/domain/moments.ts';
import { standardNormal } from '../../source/domain/normal.ts';
import { seededRandom, type Random } from '../../source/domain/runtime.ts';

/** A seeded source of random numbers of several distributions. */
export type Rng = {
  random: Random;
  between(low: number, high: number): number;
  whole(below: number): number;
  normal(): number;
  /** A graded score with this mean; the larger the concentration, the closer scores lie to it. */
  beta(mean: number, concentration: number): number;
};

export function createRng(seed: number): Rng {
  const random = seededRandom(seed);
  const normal = (): number => standardNormal(random);
  /** Marsaglia & Tsang 2000. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - random()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return {
    random,
    between: (low, high) => low + (high - low) * random(),
    whole: (below) => Math.floor(random() * below),
    normal,
    beta(mean, concentration) {
      const own = gamma(mean * concentration);
      return own / (own + gamma((1 - mean) * concentration));
    },
  };
}

export type Grading = 'all-or-nothing' | 'graded';

export function sampleScore(rng: Rng, mean: number, grading: Grading): number {
  if (grading === 'all-or-nothing') return rng.random() < mean ? 1 : 0;
  return rng.beta(mean, 6);
}

export function sampleScores(rng: Rng, mean: number, n: number, grading: Grading): Moments {
  return momentsOf(Array.from({ length: n }, () => sampleScore(rng, mean, grading)));
}
