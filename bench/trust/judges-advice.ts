import type { Moments } from '../../source/domain/moments.ts';
import { momentsOf, narrowedMoments, shiftedMoments } from '../../source/domain/moments.ts';
import { estimateJudges, type JudgementSums } from '../../source/routing/index.ts';
import { type CellSamples, recommend } from '../../source/telemetry/recommendations/index.ts';
import { atLeast, atMost, type Figure } from '../learning/figure.ts';
import { createRng, type Rng } from '../learning/rng.ts';

const perModel = 150;
/** Of single scores in a cell, what the judge adds by chance included. */
const spreads = { usual: 0.08, widest: 0.1 };
const days = 30;
const daySeconds = 86_400;
const taskType = 'code_review';
/** How far judges are off at most. */
const mostSevere = 0.08;

/** Whether advice is taken in by judges that differ, in a direction that nobody knows. */
export function adviceUnderJudges(histories: number): Figure[] {
  const share = (difference: number, apart = false, spread = spreads.widest): number => {
    let firm = 0;
    for (let seed = 1; seed <= histories; seed += 1) {
      if (isAdvised(createRng(seed), { difference, apart, spread })) firm += 1;
    }
    return firm / histories;
  };
  return [
    atMost('false switch to a model that is 10 points worse', 0.02, share(-0.1)),
    atMost('false switch to a model that is 6 points worse', 0.02, share(-0.06)),
    atMost('the same where no judge is in common', 0.02, share(-0.1, true)),
    atLeast('right switch to one as good, spread 0.08', 0.8, share(0, false, spreads.usual)),
    atLeast('right switch to one as good, spread 0.10', 0.8, share(0)),
  ];
}

/** One history: two models, two judges, each of whom judged both (or one each, where `apart`). */
function isAdvised(
  rng: Rng,
  { difference, apart, spread }: { difference: number; apart: boolean; spread: number },
): boolean {
  const severity = [rng.between(-mostSevere, mostSevere), rng.between(-mostSevere, mostSevere)];
  const shares = apart ? [1, 0] : [rng.between(0.15, 0.85), rng.between(0.15, 0.85)];
  const scores = [0, difference].map((by, model) =>
    Array.from({ length: perModel }, () => {
      const judge = rng.random() < (shares[model] ?? 0) ? 0 : 1;
      const score = 0.75 + by + (severity[judge] ?? 0) + spread * rng.normal();
      return { judge, score: Math.min(1, Math.max(0, score)) };
    }),
  );
  const names = ['incumbent', 'alternative'];
  const sums = scores.flatMap((given, model) =>
    [0, 1].map((judge): JudgementSums => {
      const own = given.filter((one) => one.judge === judge).map(({ score }) => score);
      const { n, sum, sumOfSquares } = momentsOf(own);
      return {
        judge: `judge-${judge}`,
        subject: names[model] ?? '',
        taskType,
        n,
        sum,
        sumOfSquares,
      };
    }),
  );
  const effects = estimateJudges(sums.filter(({ n }) => n > 0));
  const cells = names.map((model, index) => {
    const shift = effects.shift({ model, taskType });
    const moments = momentsOf((scores[index] ?? []).map(({ score }) => score));
    const scored = narrowedMoments(
      shiftedMoments(moments, shift),
      effects.varianceByJudges({ model, taskType }),
    );
    return cellOf(model, index === 0 ? 0.02 : 0.01, scored);
  });
  const advice = recommend({
    window: { days, from: 0, to: days * daySeconds },
    cells,
    judged: {
      varianceBetween: (a, b) => effects.varianceBetween(a, b),
      comparable: (a, b) => effects.comparable(a, b),
      mixOf: () => ({ judges: new Map(), served: new Map() }),
    },
  });
  return advice.some(
    ({ kind, model, alternative }) =>
      kind === 'switch' && model === 'incumbent' && alternative === 'alternative',
  );
}

function cellOf(model: string, costUsd: number, scores: Moments): CellSamples {
  return {
    model,
    taskType,
    days: [{ day: 0, scores }],
    attempts: scores.n,
    failures: 0,
    validatorFailures: 0,
    recentAttempts: scores.n,
    tasks: scores.n,
    tasksCostUsd: scores.n * costUsd * 1.5,
    own: { tasks: scores.n, meanUsd: costUsd, relativeVariance: 0.1 / scores.n },
    answersUsd: scores.n * costUsd,
    reviewsUsd: (scores.n * costUsd) / 2,
  };
}
