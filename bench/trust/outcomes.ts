import type { Outcomes } from '../../source/commands/replay/outcomes.ts';
import { momentsOf, sampleVariance, type Moments } from '../../source/domain/moments.ts';
import { verdictOf } from '../../source/commands/compare/verdict.ts';
import {
  isAllOrNothing,
  predictionPowered,
  qualityInterval,
  type SampledOutcomes,
} from '../../source/telemetry/statistics/index.ts';
import { atLeast, atMost, type Figure, percent } from '../learning/figure.ts';
import { createRng, type Rng } from '../learning/rng.ts';
import type { TrustSection } from './section.ts';

const tolerance = 0.05;
/** Correlation of judges with what is found. */
const correlation = 0.85;
/** Recorded outcomes from which a model at a task type is a world to draw from, and how many of these are. */
const leastRecorded = 100;
const mostWorlds = 12;

/** Student's 97.5% quantile at 29 degrees of freedom and about. */
const quantileOf = (degreesOfFreedom: number): number => 1.96 + 2.4 / degreesOfFreedom;

const clamped = (score: number): number => Math.min(1, Math.max(0, score));

/** A task as it is, and as a judge sees it. */
type World = { name: string; draw: (rng: Rng) => { found: number; judged: number } };

/** Judges who are off by 10 points one way or the other, and see each task as well as is asked. */
function worlds(): World[] {
  return [
    { mean: 0.6, spread: 0.15 },
    { mean: 0.75, spread: 0.12 },
    { mean: 0.5, spread: 0.2 },
  ].flatMap(({ mean, spread }) =>
    [-0.1, 0.1].map((bias) => ({
      name: `mean ${mean}, judges off by ${bias * 100} points`,
      draw(rng: Rng) {
        const found = clamped(mean + spread * rng.normal());
        const noise = spread * Math.sqrt(1 / correlation ** 2 - 1);
        return { found, judged: clamped(found + bias + noise * rng.normal()) };
      },
    })),
  );
}

/** The same of recorded outcomes: of every model's at every task type that has enough of them. */
function worldsOf(recorded: Outcomes): World[] {
  const { models, taskTypes, itemCount } = recorded;
  return taskTypes.flatMap((taskType, type) =>
    models.flatMap((model, index): World[] => {
      const scores: number[] = [];
      for (let item = 0; item < itemCount; item += 1) {
        const one = recorded.score(item, index);
        if (recorded.typeOf(item) === type && Number.isFinite(one)) scores.push(one);
      }
      const moments = momentsOf(scores);
      const spread = Math.sqrt(sampleVariance(moments));
      if (scores.length < leastRecorded || spread < 0.02) return [];
      const noise = spread * Math.sqrt(1 / correlation ** 2 - 1);
      const bias = (type + index) % 2 === 0 ? -0.1 : 0.1;
      return [
        {
          name: `${model} at ${taskType}`,
          draw(rng) {
            const found = scores[rng.whole(scores.length)] ?? 0;
            return { found, judged: found + bias + noise * rng.normal() };
          },
        },
      ];
    }),
  );
}

/** Of the interval of what was found alone. */
function widthOf(found: Moments): number {
  if (isAllOrNothing(found)) {
    const { low, high } = qualityInterval(found) ?? { low: 0, high: 1 };
    return high - low;
  }
  return 2 * quantileOf(found.n - 1) * Math.sqrt(sampleVariance(found) / found.n);
}

/** What 5% of the tasks tell, as the interval of their own mean and with what judges said of all. */
function sampled({ draw }: World, rng: Rng, tasks = 800, share = 0.05) {
  const sample: SampledOutcomes = {
    n: 0,
    weight: 0,
    weightSquared: 0,
    outcome: 0,
    judged: 0,
    outcomeSquared: 0,
    product: 0,
    judgedSquared: 0,
  };
  let judged = 0;
  let squares = 0;
  let sum = 0;
  const weight = 1 / share;
  for (let task = 0; task < tasks; task += 1) {
    const one = draw(rng);
    judged += one.judged;
    if (rng.random() >= share) continue;
    sample.n += 1;
    sample.weight += weight;
    sample.weightSquared += weight ** 2;
    sample.outcome += weight * one.found;
    sample.judged += weight * one.judged;
    sample.outcomeSquared += weight * one.found ** 2;
    sample.product += weight * one.found * one.judged;
    sample.judgedSquared += weight * one.judged ** 2;
    sum += one.found;
    squares += one.found ** 2;
  }
  const { n } = sample;
  const alone = widthOf({ n, sum, sumOfSquares: squares });
  return { found: predictionPowered(sample, { n: tasks, mean: judged / tasks }), alone };
}

function truthOf({ draw }: World, rng: Rng): number {
  const draws = 200_000;
  let sum = 0;
  for (let index = 0; index < draws; index += 1) sum += draw(rng).found;
  return sum / draws;
}

function sampledFigures(histories: number, of: readonly World[], isGraded: boolean): Figure[] {
  const rows = of.map((world, index) => {
    const rng = createRng(index + 1);
    const truth = truthOf(world, rng);
    let covered = 0;
    let made = 0;
    let width = 0;
    for (let history = 0; history < histories; history += 1) {
      const { found, alone } = sampled(world, rng);
      if (found === undefined) continue;
      const { low, high } = found.interval;
      made += 1;
      covered += low <= truth && truth <= high ? 1 : 0;
      width += (high - low) / alone;
    }
    return { name: world.name, coverage: covered / made, width: width / made };
  });
  const mean = (pick: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
  return [
    ...rows.map(({ name, coverage, width }) => ({
      what: name,
      measured: `${percent(coverage)} covered, ${percent(width)} as wide`,
    })),
    atLeast(
      'the interval covers the truth',
      0.94,
      mean((row) => row.coverage),
    ),
    // Asked of graded outcomes, as those that are generated are.
    isGraded
      ? atMost(
          'its width, against outcomes alone',
          0.6,
          mean((row) => row.width),
        )
      : { what: 'its width, against outcomes alone', measured: percent(mean((row) => row.width)) },
  ];
}

/** Scores of two models on the same task. */
type Pair = { name: string; truth: 'a' | 'b' | 'equal'; draw: (rng: Rng) => [number, number] };

/** Tasks differ in how hard they are: that is what pairs take out. */
const graded =
  (difference: number, ofTask: number, own: number) =>
  (rng: Rng): [number, number] => {
    const task = ofTask * rng.normal();
    const score = (mean: number): number => clamped(mean + task + own * rng.normal());
    return [score(0.75 + difference / 2), score(0.75 - difference / 2)];
  };

const pairs: Pair[] = [
  { name: 'equal, graded', truth: 'equal', draw: graded(0, 0.1, 0.08) },
  { name: '10 points apart, graded', truth: 'a', draw: graded(0.1, 0.1, 0.08) },
  { name: '7 points apart, graded, more noise', truth: 'a', draw: graded(0.07, 0.12, 0.12) },
  {
    name: 'one fails in 8%, else equal',
    truth: 'b',
    draw: (rng) => [
      rng.random() < 0.08 ? 0 : clamped(0.9 + 0.03 * rng.normal()),
      clamped(0.9 + 0.03 * rng.normal()),
    ],
  },
];

/** How many tasks of each model it takes, and what is decided; with the same tasks for both or with others. */
function settled({ draw }: Pair, rng: Rng, isPaired: boolean, most = 600) {
  const scores: { a: number; b: number }[] = [];
  for (let task = 0; task < most; task += 1) {
    const [a, same] = draw(rng);
    scores.push({ a, b: isPaired ? same : draw(rng)[1] });
    const { decided } = verdictOf(scores, tolerance);
    if (decided !== null) return { tasks: scores.length, decided };
  }
  return { tasks: most, decided: null };
}

function comparisonFigures(histories: number): Figure[] {
  const rows = pairs.map((pair, index) => {
    const rng = createRng(index + 11);
    const mean = (isPaired: boolean) => {
      let tasks = 0;
      let wrong = 0;
      for (let history = 0; history < histories; history += 1) {
        const end = settled(pair, rng, isPaired);
        tasks += end.tasks;
        wrong += end.decided !== null && end.decided !== pair.truth ? 1 : 0;
      }
      return { tasks: tasks / histories, wrong: wrong / histories };
    };
    return { pair, paired: mean(true), apart: mean(false) };
  });
  const graduated = rows.filter(({ pair }) => pair.name.includes('graded'));
  const share =
    graduated.reduce((sum, { paired, apart }) => sum + paired.tasks / apart.tasks, 0) /
    graduated.length;
  return [
    ...rows.map(({ pair, paired, apart }) => ({
      what: pair.name,
      measured: `${paired.tasks.toFixed(0)} tasks, ${apart.tasks.toFixed(0)} unpaired; ${percent(paired.wrong)} wrong`,
    })),
    atMost('tasks, against an unpaired test', 0.8, share),
    atMost('wrong decisions, at worst', 0.05, Math.max(...rows.map(({ paired }) => paired.wrong))),
  ];
}

/** What outcomes of a few tasks say of all, and how soon a comparison on the same tasks is settled. */
export const outcomes: TrustSection = {
  *figures({ outcomes: given, histories = 400 }) {
    const of = given === undefined ? worlds() : worldsOf(given.outcomes).slice(0, mostWorlds);
    yield [
      `OUTCOMES: found of 5% of 800 tasks, correlation of judges ${correlation}`,
      sampledFigures(histories, of, given === undefined),
    ];
    yield ['OUTCOMES: compare, until it is settled', comparisonFigures(histories)];
  },
};
