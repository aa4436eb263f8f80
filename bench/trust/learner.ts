import {
  meansOf,
  type OutcomeMeans,
  type Outcomes,
} from '../../source/commands/replay/outcomes.ts';
import { modelsOf, type ReplayedRun, simulateRuns } from '../../source/commands/replay/simulate.ts';
import { referencesOf } from '../../source/commands/replay/references.ts';
import { openPolicy, type RoutingSettings } from '../../source/domain/policy.ts';
import { createProfileStore, routeTask } from '../../source/routing/index.ts';
import { atLeast, type Figure, percent } from '../learning/figure.ts';
import { collected, generateOutcomes, manyModels } from '../learning/generate.ts';
import { portfolioFigures } from '../learning/portfolio.ts';
import { createRng } from '../learning/rng.ts';
import { speedFigures } from '../learning/speed.ts';
import type { TrustSection } from './section.ts';

const tasksPerRun = 100;
const tolerance = 0.05;
/** How far a catalogue's strengths are off, as a standard deviation. */
const strengthError = 0.1;

/** How well routing learns: on generated worlds like outcomes as they are collected, and on given ones. */
export const learner: TrustSection = {
  // Of one file the seeds alone differ, by two points of its total: it takes some dozens to tell half a point.
  *figures({ outcomes, histories = outcomes === undefined ? 5 : 40 }) {
    const seeds = Array.from({ length: histories }, (_, index) => index + 1);
    const worlds = collected.map((shape) => ({
      name: shape.name,
      of: (seed: number): Outcomes => generateOutcomes(shape, seed),
    }));
    const sets =
      outcomes === undefined ? worlds : [{ name: outcomes.name, of: () => outcomes.outcomes }];
    const found = sets.map(({ name, of }) => ({ name, ...measure(seeds.map(of)) }));
    const mean = (pick: (one: Measured) => number): number =>
      found.reduce((sum, one) => sum + pick(one), 0) / found.length;

    yield [
      'LEARNER: share of the best choice per type, tolerance 0',
      [
        ...found.map(({ name, cumulative }) => figure(name, percent(cumulative))),
        atLeast(
          'cumulative over 5,200 tasks',
          outcomes ? 0.955 : 0.975,
          mean((one) => one.cumulative),
        ),
        figure('tasks that explore, after 3,000', percent(mean((one) => one.exploration))),
      ],
    ];
    yield [
      'LEARNER: the first 100 tasks, a catalogue of strengths known to 10 points',
      [
        ...found.map(({ name, start, startByStrength }) =>
          figure(name, `${percent(start)} → ${percent(startByStrength)}`),
        ),
        atLeast(
          'gained by knowing strengths',
          0.06,
          mean((one) => one.startByStrength - one.start),
        ),
      ],
    ];
    yield [
      `LEARNER: tolerance ${tolerance}, tasks 1,000 to 5,000, against the cheapest good choice`,
      [
        ...found.map(({ name, cost, quality }) =>
          figure(name, `${cost.toFixed(2)} ×, ${percent(quality)}`),
        ),
        {
          what: 'cost',
          asked: '≤ 1.50 ×',
          measured: `${mean(({ cost }) => cost).toFixed(2)} ×`,
          met: mean(({ cost }) => cost) <= 1.5,
        },
        atLeast(
          'quality',
          0.98,
          mean((one) => one.quality),
        ),
        figure(
          'what the cheapest good choice gives of the best quality',
          percent(mean((one) => one.rule)),
        ),
      ],
    ];
    yield [
      'LEARNER: beliefs after 100 tasks',
      [
        atLeast(
          '95% intervals that hold, pairs never tried',
          0.9,
          mean((one) => one.coverage.unseen),
        ),
        atLeast(
          'pairs tried 1 to 9 times',
          0.9,
          mean((one) => one.coverage.few),
        ),
      ],
    ];
    if (outcomes !== undefined && isComplete(outcomes.outcomes)) {
      const { outcomes: given } = outcomes;
      const title = 'LEARNER: a portfolio, not in the engine, judge right 80% of the time';
      yield [title, portfolioFigures(given, meansOf(given), seeds)];
    }
    if (outcomes === undefined) {
      yield ['LEARNER: hundreds of models', manyModelsFigures(seeds.slice(0, 3))];
      yield ['LEARNER: speed', speedFigures()];
    }
  },
};

/** Whether every model has an outcome and a cost for every item. */
function isComplete(outcomes: Outcomes): boolean {
  for (let item = 0; item < outcomes.itemCount; item += 1) {
    for (let model = 0; model < outcomes.models.length; model += 1) {
      if (Number.isNaN(outcomes.score(item, model) + outcomes.costUsd(item, model))) return false;
    }
  }
  return true;
}

type Measured = ReturnType<typeof measure>;

const figure = (what: string, measured: string): Figure => ({ what, measured });

/** Means over worlds, each with the seed of its place. */
function measure(worlds: readonly Outcomes[]) {
  const sums = {
    cumulative: 0,
    exploration: 0,
    start: 0,
    startByStrength: 0,
    cost: 0,
    quality: 0,
    rule: 0,
    coverage: { unseen: 0, few: 0 },
  };
  const share = 1 / worlds.length;
  const coverage: Coverage = { unseen: [0, 0], few: [0, 0] };
  for (const [index, outcomes] of worlds.entries()) {
    const seed = index + 1;
    const means = meansOf(outcomes);
    const { leaderScore } = referencesOf(means);
    const best = replay(outcomes, means, { seed, runs: 52, qualityTolerance: 0 });
    sums.cumulative += (share * meanOf(best, ({ expectedScore }) => expectedScore)) / leaderScore;
    sums.exploration += share * meanOf(best.slice(30), ({ explored }) => explored);
    sums.start += (share * (best[0]?.expectedScore ?? 0)) / leaderScore;
    const strengths = strengthsOf(outcomes, means, seed);
    const [first] = replay(outcomes, means, { seed, runs: 1, qualityTolerance: 0, strengths });
    sums.startByStrength += (share * (first?.expectedScore ?? 0)) / leaderScore;
    const good = cheapestGood(means);
    const saving = replay(outcomes, means, { seed, runs: 50, qualityTolerance: tolerance }).slice(
      10,
    );
    sums.cost += (share * meanOf(saving, (run) => costOf(run, outcomes, means))) / good.costUsd;
    sums.rule += (share * good.quality) / leaderScore;
    sums.quality += (share * meanOf(saving, ({ expectedScore }) => expectedScore)) / good.quality;
    countCoverage(outcomes, means, seed, coverage);
  }
  return { ...sums, coverage: { unseen: shareOf(coverage.unseen), few: shareOf(coverage.few) } };
}

function replay(
  outcomes: Outcomes,
  means: OutcomeMeans,
  options: {
    seed: number;
    runs: number;
    qualityTolerance: number;
    strengths?: ReadonlyMap<string, number>;
  },
): ReplayedRun[] {
  const { qualityTolerance, ...rest } = options;
  const settings: RoutingSettings = { strategy: 'adaptive', qualityTolerance, exploration: 0.2 };
  return [...simulateRuns(outcomes, { ...rest, tasksPerRun, settings, cold: false }, means)];
}

function meanOf(runs: readonly ReplayedRun[], pick: (run: ReplayedRun) => number): number {
  return runs.reduce((sum, run) => sum + pick(run), 0) / runs.length;
}

function costOf(run: ReplayedRun, outcomes: Outcomes, means: OutcomeMeans): number {
  let sum = 0;
  for (const [taskType, counts] of Object.entries(run.choices)) {
    const costs = means.costUsd[outcomes.taskTypes.indexOf(taskType)];
    for (const [model, count] of Object.entries(counts)) {
      sum += count * (costs?.[outcomes.models.indexOf(model)] ?? 0);
    }
  }
  return sum / run.tasks;
}

/** The cheapest model of every task type that is within the tolerance of the best one. */
function cheapestGood({ score, costUsd, typeShare }: OutcomeMeans) {
  let quality = 0;
  let cost = 0;
  for (const [type, scores] of score.entries()) {
    const best = Math.max(...scores.filter((value) => !Number.isNaN(value)));
    const costs = scores.map((value, model) =>
      value >= best - tolerance ? (costUsd[type]?.[model] ?? 0) : Number.POSITIVE_INFINITY,
    );
    const cheapest = costs.indexOf(Math.min(...costs));
    quality += (typeShare[type] ?? 0) * (scores[cheapest] ?? 0);
    cost += (typeShare[type] ?? 0) * (costs[cheapest] ?? 0);
  }
  return { quality, costUsd: cost };
}

/** What a catalogue might say: the models' true means over all task types, each off by some points. */
function strengthsOf(outcomes: Outcomes, { score, typeShare }: OutcomeMeans, seed: number) {
  const rng = createRng(seed);
  return new Map(
    outcomes.models.map((id, model) => {
      const truth = score.reduce((sum, row, type) => {
        const value = row[model] ?? Number.NaN;
        return sum + (typeShare[type] ?? 0) * (Number.isNaN(value) ? 0 : value);
      }, 0);
      return [id, truth + strengthError * rng.normal()];
    }),
  );
}

function shareOf([part, all]: readonly [number, number]): number {
  return part / Math.max(1, all);
}

type Coverage = { unseen: [number, number]; few: [number, number] };

/** One run of 100 tasks, then whether the 95% intervals of the beliefs hold the means of the file. */
function countCoverage(
  outcomes: Outcomes,
  means: OutcomeMeans,
  seed: number,
  into: Coverage,
): void {
  const { random } = createRng(seed);
  const profiles = createProfileStore({ models: modelsOf(outcomes, means), history: [] });
  for (let task = 0; task < tasksPerRun; task += 1) {
    const item = Math.floor(random() * outcomes.itemCount);
    const taskType = outcomes.taskTypes[outcomes.typeOf(item)] ?? '';
    const exclude = outcomes.models.filter((_, model) => Number.isNaN(outcomes.score(item, model)));
    const { chosen: model = '' } = routeTask({
      profiles,
      taskType,
      settings: { strategy: 'adaptive', qualityTolerance: 0, exploration: 0.2 },
      policy: openPolicy,
      exclude,
      random,
    });
    const score = outcomes.score(item, outcomes.models.indexOf(model));
    profiles.observe({
      model,
      taskType,
      score,
      failed: false,
      policyViolation: false,
      validatorsPassed: true,
    });
  }
  for (const [type, taskType] of outcomes.taskTypes.entries()) {
    for (const [model, belief] of profiles.posteriors(taskType).entries()) {
      const truth = means.score[type]?.[model] ?? Number.NaN;
      if (Number.isNaN(truth) || belief.attempts >= 10) continue;
      const count = belief.attempts > 0 ? into.few : into.unseen;
      count[1] += 1;
      if (Math.abs(truth - belief.mean) <= 1.96 * belief.standardDeviation) count[0] += 1;
    }
  }
}

function manyModelsFigures(seeds: readonly number[]): Figure[] {
  const played = (models: number, runs: number) => {
    const sums = { played: 0, random: 0 };
    for (const seed of seeds) {
      const outcomes = generateOutcomes(manyModels(models), seed);
      const means = meansOf(outcomes);
      const { leaderScore, randomScore } = referencesOf(means);
      const all = replay(outcomes, means, { seed, runs, qualityTolerance: 0 });
      const from = models > 100 ? all.slice(2, 3) : all;
      sums.played +=
        meanOf(from, ({ expectedScore }) => expectedScore) / leaderScore / seeds.length;
      sums.random += randomScore / leaderScore / seeds.length;
    }
    return sums;
  };
  const hundred = played(100, 52);
  const hundreds = played(300, 3);
  return [
    atLeast('100 models × 7 types, cumulative over 5,200 tasks', 0.92, hundred.played),
    atLeast(
      '300 models, tasks 201 to 300, beyond a choice at random',
      0.05,
      hundreds.played - hundreds.random,
    ),
  ];
}
