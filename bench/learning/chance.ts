import { momentsOf, type Moments } from '../../source/domain/moments.ts';
import { seededRandom, type Random } from '../../source/domain/runtime.ts';

export type Chance = {
  random: Random;
  between(low: number, high: number): number;
  whole(below: number): number;
  normal(): number;
  /** A graded score with this mean; the larger the concentration, the closer scores lie to it. */
  beta(mean: number, concentration: number): number;
};

export function createChance(seed: number): Chance {
  const random = seededRandom(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
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

export function drawScore(chance: Chance, mean: number, grading: Grading): number {
  if (grading === 'all-or-nothing') return chance.random() < mean ? 1 : 0;
  return chance.beta(mean, 6);
}

export function drawScores(chance: Chance, mean: number, n: number, grading: Grading): Moments {
  return momentsOf(Array.from({ length: n }, () => drawScore(chance, mean, grading)));
}
