import type { OutcomeMeans } from './outcomes.ts';

/** What choices without learning would reach on the same outcomes; task types weigh by their items. */
export type References = {
  /** The best model of every task type. */
  leaderScore: number;
  /** The one model that is best over all. */
  bestSingleScore: number;
  /** A model at random for every task. */
  randomScore: number;
};

export function referencesOf({ score, typeShare }: OutcomeMeans): References {
  const known = score.map((row) => row.filter((value) => !Number.isNaN(value)));
  const models = score[0]?.length ?? 0;
  const singles = Array.from({ length: models }, (_, model) =>
    singleScore(model, score, typeShare),
  );
  return {
    leaderScore: weighted(
      known.map((row) => Math.max(...row)),
      typeShare,
    ),
    bestSingleScore: Math.max(...singles.filter((value) => !Number.isNaN(value))),
    randomScore: weighted(
      known.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length),
      typeShare,
    ),
  };
}

/** A model's mean over the task types that it has outcomes of. */
function singleScore(model: number, score: number[][], typeShare: number[]): number {
  let sum = 0;
  let share = 0;
  for (const [type, row] of score.entries()) {
    const value = row[model] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += value * (typeShare[type] ?? 0);
    share += typeShare[type] ?? 0;
  }
  return sum / share;
}

function weighted(values: readonly number[], shares: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + value * (shares[index] ?? 0), 0);
}
