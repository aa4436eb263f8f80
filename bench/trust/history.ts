import type { Window } from '../../source/domain/insight.ts';
import { daySeconds } from '../../source/domain/durations.ts';
import { mergedMoments, type Moments, noScores, withScore } from '../../source/domain/moments.ts';
import { openPolicy } from '../../source/domain/policy.ts';
import { createProfileStore, routeTask } from '../../source/routing/index.ts';
import {
  historyOf,
  type ScoreSliceRecord,
  type SnapshotRecord,
} from '../../source/telemetry/history/index.ts';
import { evidenceStart } from '../../source/telemetry/insight/view.ts';
import type { CellSamples, DayScores } from '../../source/telemetry/recommendations/index.ts';
import type { Rng } from '../learning/rng.ts';

/** What is true of some models on some task types. */
export type World = {
  models: number;
  types: number;
  tasksPerDay: number;
  /** Of a task of a type. */
  typeOf(rng: Rng): number;
  quality(type: number, model: number, day: number): number;
  score(rng: Rng, at: { type: number; model: number; day: number }): number;
  /** Mean dollars of own attempts per task; single ones are spread around it. */
  costUsd(type: number, model: number): number;
};

export type Collector = 'uniform' | 'favourite' | { tolerance: number };

type Day = { scores: Moments; cost: Moments };
const noDay: Day = { scores: noScores, cost: noScores };
const windowDays = 30;

/** Days in which models did tasks, one after another, and what tests are given of them at the end of each. */
export type History = {
  advance(): void;
  readonly day: number;
  window(): Window;
  cells(): CellSamples[];
};

/** Begins some days into a quarter, as real histories do. */
export function createHistory(world: World, collector: Collector, rng: Rng): History {
  const first = 20_000 + rng.whole(90);
  const days: Day[][] = [];
  const cellOf = (type: number, model: number): number => type * world.models + model;
  const names = Array.from({ length: world.models }, (_, model) => `model-${model}`);
  const router =
    typeof collector === 'string' ? undefined : createRouter(world, collector.tolerance, names);
  let day = 0;

  const window = (): Window => {
    const to = (first + day) * daySeconds - 1;
    return { days: windowDays, from: to - windowDays * daySeconds, to };
  };

  return {
    get day() {
      return day;
    },
    window,
    advance() {
      const today: Day[] = Array.from({ length: world.types * world.models }, () => noDay);
      router?.begin((first + day) * daySeconds);
      for (let task = 0; task < world.tasksPerDay; task += 1) {
        const type = world.typeOf(rng);
        const model = router?.choose(type, rng) ?? fixedChoice(collector, world, rng);
        const score = world.score(rng, { type, model, day });
        const cost = world.costUsd(type, model) * Math.exp(0.5 * rng.normal() - 0.125);
        router?.observe(type, model, score);
        const known = today[cellOf(type, model)] ?? noDay;
        today[cellOf(type, model)] = {
          scores: withScore(known.scores, score),
          cost: withScore(known.cost, cost),
        };
      }
      router?.end((first + day) * daySeconds);
      days.push(today);
      day += 1;
    },
    cells() {
      const now = window();
      const start = Math.max(0, Math.round(evidenceStart(now) / daySeconds) - first);
      const windowStart = Math.max(start, day - windowDays - 1);
      return Array.from({ length: world.types * world.models }, (_, cell) => {
        const slices: DayScores[] = [];
        let before = noScores;
        for (let index = start; index < windowStart; index += 1) {
          before = mergedMoments(before, days[index]?.[cell]?.scores ?? noScores);
        }
        if (before.n > 0) slices.push({ day: (first + start) * daySeconds, scores: before });
        let cost = noScores;
        for (let index = windowStart; index < day; index += 1) {
          const { scores, cost: ofDay } = days[index]?.[cell] ?? noDay;
          if (scores.n > 0) slices.push({ day: (first + index) * daySeconds, scores });
          if (index >= day - windowDays) cost = mergedMoments(cost, ofDay);
        }
        return cellOfSums(
          {
            model: names[cell % world.models] ?? '',
            taskType: `type-${Math.floor(cell / world.models)}`,
          },
          slices,
          cost,
        );
      }).filter(({ days: ofCell }) => ofCell.length > 0);
    },
  };
}

function cellOfSums(
  name: Pick<CellSamples, 'model' | 'taskType'>,
  days: DayScores[],
  cost: Moments,
): CellSamples {
  return {
    ...name,
    days,
    attempts: cost.n,
    failures: 0,
    validatorFailures: 0,
    recentAttempts: days.reduce((sum, { scores }) => sum + scores.n, 0),
    tasks: cost.n,
    tasksCostUsd: cost.sum,
    ...(cost.n > 0
      ? {
          own: {
            tasks: cost.n,
            meanUsd: cost.sum / cost.n,
            relativeVariance: cost.sum > 0 ? cost.sumOfSquares / cost.sum ** 2 : 0,
          },
        }
      : {}),
    answersUsd: cost.sum,
    reviewsUsd: 0,
  };
}

function fixedChoice(collector: Collector, { models }: World, rng: Rng): number {
  return collector === 'favourite' && rng.random() < 0.6 ? 0 : rng.whole(models);
}

/** The product's own router, one run a day. */
function createRouter(world: World, qualityTolerance: number, names: readonly string[]) {
  const snapshots: SnapshotRecord[] = [];
  const slices: ScoreSliceRecord[] = [];
  const models = names.map((id, model) => ({
    id,
    provider: 'p',
    defaultCostUsd: world.costUsd(0, model),
  }));
  const settings = { strategy: 'adaptive', qualityTolerance, exploration: 0.2 } as const;
  let profiles = createProfileStore({ models, history: [] });
  let seen = new Map<string, { model: string; taskType: string; scores: Moments }>();
  const horizon = 90 * daySeconds;
  return {
    begin(now: number): void {
      const isRecent = (at: number): boolean => at >= now - horizon;
      const history = historyOf({
        now,
        snapshots: snapshots.filter(({ recordedAt }) => isRecent(recordedAt)),
        scoreSlices: slices.filter(({ from }) => isRecent(from)),
      });
      profiles = createProfileStore({ models, history });
      seen = new Map();
    },
    choose(type: number, { random }: Rng): number {
      const { chosen } = routeTask({
        profiles,
        taskType: `type-${type}`,
        settings,
        policy: openPolicy,
        random,
      });
      return names.indexOf(chosen ?? '');
    },
    observe(type: number, model: number, score: number): void {
      const [name = '', taskType] = [names[model], `type-${type}`];
      profiles.observe({
        model: name,
        taskType,
        score,
        failed: false,
        costUsd: world.costUsd(type, model),
        latencyMs: 1000,
        policyViolation: false,
        validatorsPassed: true,
      });
      const key = `${type} ${model}`;
      const scores = withScore(seen.get(key)?.scores ?? noScores, score);
      seen.set(key, { model: name, taskType, scores });
    },
    end(now: number): void {
      for (const snapshot of profiles.snapshots()) snapshots.push({ ...snapshot, recordedAt: now });
      for (const slice of seen.values()) slices.push({ ...slice, from: now });
    },
  };
}
