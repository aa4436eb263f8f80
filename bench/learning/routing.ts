import {
  meansOf,
  type OutcomeMeans,
  type Outcomes,
} from '../../source/commands/replay/outcomes.ts';
import { referencesOf } from '../../source/commands/replay/references.ts';
import { type ReplayedRun, simulateRuns } from '../../source/commands/replay/simulate.ts';
import { atLeast, atMost, type Figure, percent } from './figure.ts';

const tasksPerRun = 100;
const runs = 55;
const tolerance = 0.05;

type Point = { quality: number; costUsd: number };

/** What replaying a file of outcomes shows of routing, as a mean over seeds. */
export function routingFigures(outcomes: Outcomes, seeds: number): Figure[] {
  const means = meansOf(outcomes);
  const { leaderScore } = referencesOf(means);
  const best = replays(outcomes, means, { seeds, qualityTolerance: 0, cold: false });
  const cold = replays(outcomes, means, { seeds: 3, qualityTolerance: 0, cold: true });
  const figures = [
    atLeast(
      'tolerance 0, around task 1,000: share of the leaders',
      0.9,
      pointOf(best, 9, 12).quality / leaderScore,
    ),
    atLeast('tolerance 0, around task 5,000', 0.95, pointOf(best, 48, 52).quality / leaderScore),
    {
      what: 'the same with --cold',
      measured: percent(pointOf(cold, 48, 52).quality / leaderScore),
    },
  ];
  if (means.modelCostUsd.some((cost) => Number.isNaN(cost))) return figures;
  const fixed = cheapestWithin(means);
  const leaders = leadersOf(means);
  const saving = replays(outcomes, means, { seeds, qualityTolerance: tolerance, cold: false });
  const point = pointOf(saving, 51, 55);
  return [
    ...figures,
    atLeast(
      `tolerance ${tolerance}, after 5,000: quality of the cheapest fixed choice`,
      0.98,
      point.quality / fixed.quality,
    ),
    atMost('and its cost', 1.3, point.costUsd / fixed.costUsd),
    {
      what: 'cost of the leaders, for comparison',
      measured: percent(leaders.costUsd / fixed.costUsd),
    },
  ];
}

type Settings = { seeds: number; qualityTolerance: number; cold: boolean };

/** Per run, over all seeds: expected quality, and expected cost of the choices made. */
function replays(
  outcomes: Outcomes,
  means: OutcomeMeans,
  { seeds, qualityTolerance, cold }: Settings,
): Point[] {
  const points = Array.from({ length: runs }, () => ({ quality: 0, costUsd: 0 }));
  for (let seed = 1; seed <= seeds; seed += 1) {
    const settings = { strategy: 'adaptive', qualityTolerance, exploration: 0.2 } as const;
    for (const run of simulateRuns(outcomes, { runs, tasksPerRun, settings, seed, cold }, means)) {
      const point = points[run.run - 1];
      if (point === undefined) continue;
      point.quality += run.expectedScore / seeds;
      point.costUsd += expectedCost(run, outcomes, means) / seeds;
    }
  }
  return points;
}

function expectedCost(run: ReplayedRun, outcomes: Outcomes, means: OutcomeMeans): number {
  let sum = 0;
  for (const [taskType, counts] of Object.entries(run.choices)) {
    const costs = means.costUsd[outcomes.taskTypes.indexOf(taskType)];
    for (const [model, count] of Object.entries(counts)) {
      sum += count * (costs?.[outcomes.models.indexOf(model)] ?? 0);
    }
  }
  return sum / run.tasks;
}

/** Mean over the runs from one number to another, both included. */
function pointOf(points: readonly Point[], from: number, to: number): Point {
  const span = points.slice(from - 1, to);
  const mean = (pick: (point: Point) => number): number =>
    span.reduce((sum, point) => sum + pick(point), 0) / span.length;
  return { quality: mean(({ quality }) => quality), costUsd: mean(({ costUsd }) => costUsd) };
}

function cheapestWithin(means: OutcomeMeans): Point {
  return fixedChoice(means, (scores, costs) => {
    const bar = Math.max(...scores.filter((score) => !Number.isNaN(score))) - tolerance;
    return indexOfLeast(
      scores.map((score, model) => (score >= bar ? (costs[model] ?? 0) : Infinity)),
    );
  });
}

function leadersOf(means: OutcomeMeans): Point {
  return fixedChoice(means, (scores) =>
    indexOfLeast(scores.map((score) => (Number.isNaN(score) ? Infinity : -score))),
  );
}

function fixedChoice(
  { score, costUsd, typeShare }: OutcomeMeans,
  choose: (scores: number[], costs: number[]) => number,
): Point {
  const point = { quality: 0, costUsd: 0 };
  for (const [type, scores] of score.entries()) {
    const costs = costUsd[type] ?? [];
    const model = choose(scores, costs);
    point.quality += (typeShare[type] ?? 0) * (scores[model] ?? 0);
    point.costUsd += (typeShare[type] ?? 0) * (costs[model] ?? 0);
  }
  return point;
}

function indexOfLeast(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
