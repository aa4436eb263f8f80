import { mergedMoments, momentsOf, noScores } from '../../source/domain/moments.ts';
import { type CellSamples, recommend } from '../../source/telemetry/recommendations/index.ts';
import { qualityInterval } from '../../source/telemetry/statistics/index.ts';
import { atLeast, atMost, type Figure, percent } from '../learning/figure.ts';
import { createRng } from '../learning/rng.ts';
import { type Collector, createHistory, type World } from './history.ts';
import type { TrustOptions, TrustSection } from './section.ts';
import { edgeWorld, type Grading, mixedWorld, recordedWorld, scoreOf } from './worlds.ts';

const margin = 0.05;
const gradings = ['two-valued', 'graded', 'rare failures'] as const satisfies Grading[];

/** What daily looks at one history saw. */
type Seen = {
  /** Day of the first switch to a model that is truly not worse, and of the first to one that is. */
  right?: number;
  wrong?: number;
  /** Days of the first `declining` of model 0 on type 0, and of any other change. */
  decline?: number;
  falseChange?: number;
  /** Recommended switches, once per pair: those truly not cheaper, and whose saving lies within its interval. */
  pairs: number;
  notCheaper: number;
  within: number;
  /** Probable advice, at every look, and how much of it was right. */
  promised: number;
  kept: number;
};

type Plan = { collector: Collector; looks: number; fallDay?: number; untilRight?: boolean };

function watch(world: World, plan: Plan, seed: number): Seen {
  const rng = createRng(seed);
  const history = createHistory(world, plan.collector, rng);
  const seen: Seen = { pairs: 0, notCheaper: 0, within: 0, promised: 0, kept: 0 };
  const named = new Set<string>();
  while (history.day < plan.looks) {
    history.advance();
    const cells = history.cells();
    for (const one of recommend({ window: history.window(), cells })) {
      const type = Number(one.taskType.slice('type-'.length));
      const model = numberOf(one.model);
      if (one.kind === 'declining' || one.kind === 'improving') {
        const isFall =
          type === 0 &&
          model === 0 &&
          one.kind === 'declining' &&
          history.day > (plan.fallDay ?? Infinity);
        if (isFall) seen.decline ??= history.day;
        else seen.falseChange ??= history.day;
        continue;
      }
      if (one.alternative === undefined) continue;
      const alternative = numberOf(one.alternative);
      const difference =
        world.quality(type, alternative, history.day) - world.quality(type, model, history.day);
      const isRight = difference >= -margin;
      if (one.kind === 'promising') {
        seen.promised += 1;
        if (isRight) seen.kept += 1;
        continue;
      }
      if (isRight) seen.right ??= history.day;
      else seen.wrong ??= history.day;
      const pair = `${type} ${model} ${alternative}`;
      if (named.has(pair)) continue;
      named.add(pair);
      countMoney(seen, one, world.costUsd(type, model) - world.costUsd(type, alternative));
    }
    if (plan.untilRight === true && seen.right !== undefined) break;
  }
  return seen;
}

function countMoney(
  seen: Seen,
  { evidence, monthlySavingsUsd }: ReturnType<typeof recommend>[number],
  savedPerTask: number,
): void {
  const { volume = 0, savingsLowUsd, savingsHighUsd } = evidence;
  if (monthlySavingsUsd === undefined) return;
  seen.pairs += 1;
  if (savedPerTask <= 0) seen.notCheaper += 1;
  const truly = savedPerTask * volume;
  if (truly >= (savingsLowUsd ?? truly) && truly <= (savingsHighUsd ?? truly)) seen.within += 1;
}

function numberOf(name: string): number {
  return Number(name.slice('model-'.length));
}

function watchAll(world: (seed: number) => World, plan: Plan, histories: number): Seen[] {
  return Array.from({ length: histories }, (_, seed) => watch(world(seed + 1), plan, seed + 1));
}

function shareOf(all: readonly Seen[], is: (seen: Seen) => boolean): number {
  return all.filter(is).length / all.length;
}

function total(all: readonly Seen[], of: (seen: Seen) => number): number {
  return all.reduce((sum, seen) => sum + of(seen), 0);
}

const collectors: [string, Collector][] = [
  ['60% on one model', 'favourite'],
  ['at random', 'uniform'],
];

function* falseAdvice(histories: number): Iterable<readonly [string, Figure[]]> {
  const looks = 365;
  for (const grading of gradings) {
    const figures: Figure[] = [];
    for (const [name, collector] of collectors) {
      for (const shape of [
        { models: 8, types: 4, tasksPerDay: 400, share: 0.5 },
        // Few comparisons are corrected for little: the worst case, and quick to play.
        { models: 2, types: 1, tasksPerDay: 12, share: 3 },
      ]) {
        const world = edgeWorld({ gap: 0.0501, grading, ...shape });
        const all = watchAll(() => world, { collector, looks }, Math.ceil(shape.share * histories));
        const where = `${shape.models}×${shape.types}, ${shape.tasksPerDay} a day, ${name}`;
        figures.push(
          atMost(
            `ever a false switch, ${where}`,
            0.05,
            shareOf(all, ({ wrong }) => wrong !== undefined),
          ),
          atMost(
            `ever a false declining or improving, ${where}`,
            0.05,
            shareOf(all, ({ falseChange }) => falseChange !== undefined),
          ),
        );
      }
    }
    yield [`365 DAILY LOOKS, nothing changes, others worse by 5.01 points, ${grading}`, figures];
  }
}

function routed(histories: number): Figure[] {
  const looks = 365;
  return (['two-valued', 'graded'] as const).flatMap((grading) =>
    [0, 0.05].flatMap((tolerance) => {
      const world = edgeWorld({ gap: 0.0501, grading, models: 5, types: 3, tasksPerDay: 60 });
      const all = watchAll(() => world, { collector: { tolerance }, looks }, histories);
      const where = `${grading}, tolerance ${tolerance}`;
      return [
        atMost(
          `ever a false switch, ${where}`,
          0.05,
          shareOf(all, ({ wrong }) => wrong !== undefined),
        ),
        atMost(
          `ever a false declining or improving, ${where}`,
          0.05,
          shareOf(all, ({ falseChange }) => falseChange !== undefined),
        ),
      ];
    }),
  );
}

function power(histories: number): Figure[] {
  const asked = { graded: 0.8, 'two-valued': 0.25 } as const;
  return (['graded', 'two-valued'] as const).map((grading) => {
    const world = edgeWorld({ gap: 0, grading, tasksPerDay: 400 });
    const plan = { collector: 'favourite', looks: 60, untilRight: true } as const;
    const all = watchAll(() => world, plan, histories);
    const found = shareOf(all, ({ right }) => right !== undefined);
    return atLeast(`a right switch by day 60, equal models, ${grading}`, asked[grading], found);
  });
}

function falls(histories: number): Figure[] {
  return (['two-valued', 'graded'] as const).flatMap((grading) => {
    const fallDay = 45;
    const world = edgeWorld({ gap: 0, grading, tasksPerDay: 400, fallDay });
    const plan = { collector: 'uniform', looks: 90, fallDay } as const;
    const all = watchAll(() => world, plan, histories);
    const delays = all
      .map(({ decline }) => (decline ?? Infinity) - fallDay)
      .toSorted((a, b) => a - b);
    const median = delays[Math.floor(delays.length / 2)] ?? Infinity;
    return [
      atLeast(
        `a drop of 20 points is found, ${grading}`,
        0.92,
        shareOf(all, ({ decline }) => decline !== undefined),
      ),
      {
        what: `after so many days (median), ${grading}`,
        asked: '≤ 12',
        measured: String(median),
        met: median <= 12,
      },
      atMost(
        `and anything else, ${grading}`,
        0.05,
        shareOf(all, ({ falseChange }) => falseChange !== undefined),
      ),
    ];
  });
}

function moneyFigures(all: readonly Seen[], where: string): Figure[] {
  const pairs = total(all, ({ pairs: count }) => count);
  const promised = total(all, (seen) => seen.promised);
  return [
    { what: `switches recommended, ${where}`, measured: String(pairs) },
    atMost(
      `truly not cheaper, ${where}`,
      0.05,
      total(all, (seen) => seen.notCheaper) / Math.max(1, pairs),
    ),
    atLeast(
      `true saving within the interval, ${where}`,
      0.94,
      pairs === 0 ? 1 : total(all, (seen) => seen.within) / pairs,
    ),
    atLeast(
      `probable advice that is right (of ${promised}), ${where}`,
      0.8,
      promised === 0 ? 1 : total(all, (seen) => seen.kept) / promised,
    ),
  ];
}

function worth(histories: number): Figure[] {
  return gradings.flatMap((grading) =>
    (['uniform', { tolerance: 0 }] as const).flatMap((collector) => {
      const all = watchAll(
        (seed) => mixedWorld(createRng(seed), grading, 150),
        { collector, looks: 90 },
        histories,
      );
      return moneyFigures(
        all,
        `${grading}, ${collector === 'uniform' ? 'at random' : 'own router'}`,
      );
    }),
  );
}

function coverage(samples: number): Figure[] {
  return gradings.flatMap((grading) => {
    const rng = createRng(17);
    return [5, 10, 20, 60, 200].map((n): Figure => {
      let covered = 0;
      for (let sample = 0; sample < samples; sample += 1) {
        const quality = rng.between(0.4, 0.89);
        const scores = Array.from({ length: n }, () => scoreOf(rng, quality, grading));
        const { low = 0, high = 1 } = qualityInterval(momentsOf(scores)) ?? {};
        if (low <= quality && quality <= high) covered += 1;
      }
      return atLeast(`95% intervals that cover, ${grading}, n = ${n}`, 0.94, covered / samples);
    });
  });
}

/** Of the cells at the end of a history. */
function coverageIn(world: World, collector: Collector, seeds: number): Figure[] {
  let [covered, beyond, shown] = [0, 0, 0];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const history = createHistory(world, collector, createRng(seed));
    while (history.day < 30) history.advance();
    for (const cell of history.cells()) {
      const interval = qualityInterval(scoresOf(cell));
      if (interval === undefined) continue;
      const truth = world.quality(typeNumberOf(cell.taskType), numberOf(cell.model), 30);
      shown += 1;
      if (interval.low <= truth + 1e-9 && truth <= interval.high + 1e-9) covered += 1;
      if (interval.low < 0 || interval.high > 1) beyond += 1;
    }
  }
  return [
    atLeast(`intervals that cover (of ${shown})`, 0.94, covered / Math.max(1, shown)),
    atMost('beyond 0 or 1', 0, beyond / Math.max(1, shown)),
  ];
}

function typeNumberOf(taskType: string): number {
  return Number(taskType.slice('type-'.length));
}

function scoresOf({ days }: CellSamples) {
  return days.reduce((sum, { scores }) => mergedMoments(sum, scores), noScores);
}

/** Advice that is looked at every day, the money it names, and the intervals beside the numbers. */
export const advice: TrustSection = {
  *figures({ outcomes, histories }: TrustOptions) {
    if (outcomes !== undefined) {
      const world = recordedWorld(outcomes.outcomes, 100);
      const count = histories ?? 20;
      const ways: [string, Collector][] = [
        ['at random', 'uniform'],
        ['own router, tolerance 0', { tolerance: 0 }],
        ['own router, tolerance 0.05', { tolerance: 0.05 }],
      ];
      for (const [name, collector] of ways) {
        const all = watchAll(() => world, { collector, looks: 120 }, count);
        yield [
          `120 DAILY LOOKS at ${outcomes.name}, ${name}`,
          [
            atMost(
              'ever a false switch',
              0.05,
              shareOf(all, ({ wrong }) => wrong !== undefined),
            ),
            {
              what: 'ever a right one',
              measured: percent(shareOf(all, ({ right }) => right !== undefined)),
            },
            atMost(
              'ever a false declining or improving',
              0.05,
              shareOf(all, ({ falseChange }) => falseChange !== undefined),
            ),
            ...moneyFigures(all, name),
            ...coverageIn(world, collector, 3),
          ],
        ];
      }
      return;
    }
    yield ['INTERVALS', coverage(2000)];
    yield ['POWER, 60% on one model', power(histories ?? 100)];
    yield ['A FALL, at random', falls(histories ?? 60)];
    yield ['MONEY AND PROBABILITIES, 90 looks at models of all kinds', worth(histories ?? 20)];
    yield* falseAdvice(histories ?? 60);
    yield [
      '365 DAILY LOOKS by the own router, others worse by 5.01 points',
      routed(histories ?? 10),
    ];
  },
};
