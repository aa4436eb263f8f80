import process from 'node:process';
import { setImmediate } from 'node:timers/promises';
import type { Database as Connection } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { insightOf } from '../../source/telemetry/insight/insight.ts';
import { samplesOf } from '../../source/telemetry/insight/samples.ts';
import { windowOf, viewIn } from '../../source/telemetry/insight/view.ts';
import { daysIn, warmStart } from '../../source/telemetry/warm-start.ts';
import type { Past } from '../../source/telemetry/sqlite/past.ts';
import { valueOf } from '../../source/telemetry/sums/fields.ts';
import { horizonStart } from '../../source/telemetry/sums/time.ts';
import { allRows, bruteForce, bruteHistory } from './brute-force.ts';
import { expectNearly } from './nearly.ts';
import { createWorld, step } from './world.ts';

const insightBy = (past: Past, days: number, now: number) =>
  insightOf(viewIn(past, windowOf(days, now)));

const historyBy = (past: Past, now: number, exceptProject?: string) => {
  const { days, cells } = daysIn(past, {
    from: horizonStart(now),
    to: now,
    ...(exceptProject === undefined ? {} : { exceptProject }),
  });
  return warmStart(days, cells, now);
};

/** What tests of advice are given. */
const samplesBy = (past: Past, days: number, now: number) => {
  const view = viewIn(past, windowOf(days, now));
  return sorted(samplesOf(view, view.evidence ?? []).cells, cellKey);
};

/** The same of a reader that was asked for the numbers alone before. */
const samplesAfterNumbers = (past: Past, days: number, now: number) => {
  const numbers = viewIn(past, windowOf(days, now), { withEvidence: false });
  expect(numbers.evidence).toBeUndefined();
  return samplesBy(past, days, now);
};

const sorted = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

const cellKey = ({ model, taskType }: { model: string; taskType: string }): string =>
  `${taskType} ${model}`;

function expectSame(reader: Past, database: Connection, days: number, now: number): void {
  const rows = allRows(database);
  const expected = bruteForce(rows, days, now);
  const insight = insightBy(reader, days, now);
  const modelStats = (
    item: (typeof insight.cells)[number] | (typeof insight.rankings)[number],
  ) => ({
    calls: item.callCount,
    liveCalls: item.liveCallCount,
    quality: item.qualityScore,
    cost: item.averageCostUsd,
    value: item.valueScore,
    // A difference of two that are nearly alike keeps few of their digits; their ratio keeps all.
    growth: item.trendPercent === null ? null : 1 + item.trendPercent / 100,
    tasks: item.taskCount,
    failures: item.failureCount,
    latency: item.averageLatencyMs,
    p95: item.latencyP95Ms,
  });
  expectNearly(insight.summary, expected.summary);
  expectNearly(
    sorted(insight.rankings, ({ model }) => model).map((item) => ({
      model: item.model,
      ...modelStats(item),
    })),
    sorted(
      expected.models.filter(({ calls }) => calls > 0),
      ({ model }) => model,
    ),
  );
  expectNearly(
    sorted(insight.cells, cellKey).map((item) => ({
      model: item.model,
      taskType: item.taskType,
      ...modelStats(item),
    })),
    sorted(
      expected.cells.filter(({ calls }) => calls > 0),
      cellKey,
    ),
  );
  expectNearly(insight.spendByDay, expected.spendByDay);
  expectNearly(
    {
      byRole: insight.spend.byRole,
      byModel: Object.fromEntries(
        insight.spend.byModel.map(({ model, costUsd }) => [model, costUsd]),
      ),
      approximate: insight.spend.approximate,
    },
    expected.spend,
  );
  expectNearly(
    sorted(insight.routes, ({ taskType }) => taskType).map(({ taskType, spentUsd }) => ({
      taskType,
      spentUsd,
    })),
    sorted(expected.routes, ({ taskType }) => taskType),
  );
  expectNearly(
    sorted(insight.learningCurve, ({ projectId }) => projectId),
    sorted(expected.runs, ({ projectId }) => projectId),
  );
}

/** Without one project: as if none of its rows were there. */
function expectSameHistory(
  reader: Past,
  database: Connection,
  now: number,
  exceptProject?: string,
): void {
  const plain = (history: ReturnType<typeof historyBy>) =>
    sorted(history, cellKey).map(
      ({ scoreVariance: _variance, sampleSize: _size, ...rest }) => rest,
    );
  const history = historyBy(reader, now, exceptProject);
  const { events, snapshots, calls } = allRows(database);
  const isOther = (row: { project_id: string }): boolean => row.project_id !== exceptProject;
  const others = {
    events: events.filter(isOther),
    snapshots: snapshots.filter(isOther),
    calls: calls.filter(isOther),
  };
  const expected = bruteHistory(others, now);
  expectNearly(plain(history), plain(expected));
  // This one takes the attempts of a day as equally old; without any evidence there is none.
  for (const { model, taskType, sampleSize = 1 } of expected) {
    const same = history.find((cell) => cell.model === model && cell.taskType === taskType);
    expect((same?.sampleSize ?? 1) / sampleSize).toBeCloseTo(1, 2);
  }
}

const stories = fc.array(step, { minLength: 40, maxLength: 80, size: 'max' });
/** `STORIES=500 npx vitest run test/telemetry/summaries.test.ts` tells that many, for as long as it takes. */
const many = Number(process.env['STORIES'] ?? 0);
if (many > 0) vi.setConfig({ testTimeout: many * 10_000 });
// Every way to tell a failing story shorter takes a database: after this long the shortest so far will do.
const told =
  many > 0
    ? { numRuns: many, endOnFailure: true }
    : { numRuns: 12, plugins: [fc.interruptAfterTimeLimit(20_000)] };

/** Whole hours, half hours, quarters; with days of 23, 24, 24½ and 25 hours. */
const zones = [
  'UTC',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
] as const;

describe('sums of the past', () => {
  it.each([
    ['with roll-ups', false],
    ['with none', true],
  ])('give the same numbers as every single row, %s', async (_name, original) => {
    expect.hasAssertions();
    const home = process.env['TZ'];
    await fc.assert(
      fc.asyncProperty(stories, fc.constantFrom(...zones), async (steps, zone) => {
        process.env['TZ'] = zone;
        const world = createWorld(original);
        const { database, open, now } = world;
        const fresh = (check: (past: Past) => void): void => {
          const past = world.fresh();
          check(past);
          past.close();
        };
        try {
          for (const step of [...steps, { type: 'read', days: 30 } as const]) {
            if (step.type === 'read') {
              expectSame(open, database, step.days, now());
              fresh((past) => {
                const later = samplesAfterNumbers(past, step.days, now());
                expectSame(past, database, step.days, now());
                fresh((other) => expectNearly(later, samplesBy(other, step.days, now())));
                expectNearly(later, samplesBy(open, step.days, now()));
              });
              fresh((past) => expectSameHistory(past, database, now()));
              fresh((past) => expectSameHistory(past, database, now(), `p${step.days % 7}`));
            } else world.take(step);
          }
          expectSameHistory(open, database, now());
          for (const project of ['p0', 'p3', 'nobody']) {
            expectSameHistory(open, database, now(), project);
          }
        } finally {
          process.env['TZ'] = home;
          world.end();
          // Closed statements let go of their memory only in a turn of the event loop.
          await setImmediate();
        }
      }),
      told,
    );
  });

  it('are read from the file that keeps them, and not from the rows', () => {
    const world = createWorld(false);
    const rows = { cell: 0, jump: 0, seed: 5 };
    world.take({ type: 'events', ...rows, project: 0, count: 12 });
    world.take({ type: 'snapshots', ...rows, project: 0, count: 2, failed: false });
    world.take({ type: 'pass', seconds: 3 * 86_400 });
    world.take({ type: 'summarise', most: 9 });
    const past = world.fresh();
    const before = insightBy(past, 7, world.now());
    // As no program does: it tells what is read.
    world.database.exec('UPDATE routing_events SET score = 0 WHERE id BETWEEN 2 AND 11');
    const fresh = world.fresh();
    expect(insightBy(fresh, 7, world.now()).summary).toEqual(before.summary);
    fresh.close();
    past.close();
    world.end();
  });

  it('hold when all that there is was recorded in the first hour of the day', () => {
    expect.hasAssertions();
    const world = createWorld(false);
    const { database, now } = world;
    const minutes = 23;
    world.take({ type: 'pass', seconds: 86_400 - (now() % 86_400) + minutes * 60 });
    const rows = { cell: 3, jump: -600, seed: 1 };
    world.take({ type: 'events', ...rows, project: 0, count: 14 });
    world.take({ type: 'summarise', most: 9 });
    for (const seconds of [0, 43_200, 86_400]) {
      world.take({ type: 'pass', seconds });
      const fresh = world.fresh();
      expectSame(fresh, database, 30, now());
      fresh.close();
    }
    world.end();
  });

  it.each([
    ['a day of few rows', 8],
    ['a day whose hours are kept as well', 40],
  ])('hold when a run of it gets its snapshots, or calls, only later: %s', (_name, count) => {
    expect.hasAssertions();
    const world = createWorld(false);
    const { database, now } = world;
    const rows = { cell: 0, jump: 0, seed: 5 };
    for (let project = 0; project < 3; project += 1) {
      world.take({ type: 'events', ...rows, project, count });
      world.take({ type: 'pass', seconds: 4000 });
    }
    world.take({ type: 'pass', seconds: 2 * 86_400 });
    world.take({ type: 'summarise', most: 9 });
    const open = world.fresh();
    expectSame(open, database, 4, now());

    world.take({ type: 'snapshots', ...rows, project: 0, count: 1, failed: false });
    world.take({ type: 'calls', ...rows, project: 1, count: 5 });
    const look = (): void => {
      const fresh = world.fresh();
      // The first window cuts that day, the others hold all of it.
      for (const days of [2 + 9000 / 86_400, 4, 30]) {
        expectSame(open, database, days, now());
        expectSame(fresh, database, days, now());
      }
      expectSameHistory(fresh, database, now());
      fresh.close();
    };
    look();
    world.take({ type: 'summarise', most: 9 });
    look();
    open.close();
    world.end();
  });
});

describe('the edges of what is read', () => {
  const addAt = (world: ReturnType<typeof createWorld>, at: number, seed: number): void =>
    world.take({ type: 'events', project: seed, cell: 0, count: 1, jump: at - world.now(), seed });

  it.each([0, 20])(
    'count a record on the edge of two windows in the later one alone (%d more)',
    (more) => {
      const world = createWorld(false);
      const edge = world.now() - 7 * 86_400;
      addAt(world, edge, 3);
      addAt(world, edge - 7 * 86_400, 2);
      for (let index = 0; index < more; index += 1) addAt(world, edge - 40 + index * 4, 1);
      world.take({ type: 'summarise', most: 9 });
      const past = world.fresh();
      const view = viewIn(past, windowOf(7, world.now()));
      const times = (period: { firstAt: number; lastAt: number }) => [
        period.firstAt,
        period.lastAt,
      ];
      expect(times(view.whole)[0]).toBe(edge);
      expect(times(view.prior)[0]).toBe(edge - 7 * 86_400);
      expect(view.prior.lastAt).toBeLessThan(edge);
      const tasks = [...view.whole.cells.values(), ...view.prior.cells.values()].reduce(
        (sum, cell) => sum + valueOf(cell, 'tasks'),
        0,
      );
      expect(tasks).toBe(2 + more);
      past.close();
      world.end();
    },
  );

  it('reach back to the very second of a warm start, not to the start of a day', () => {
    const world = createWorld(false);
    const horizon = horizonStart(world.now());
    addAt(world, horizon, 3);
    addAt(world, horizon - 1, 2);
    addAt(world, horizon + 1, 1);
    world.take({ type: 'summarise', most: 9 });
    const past = world.fresh();
    // An event counts as its iterations: 3 of the first, 1 of the last; the one before the horizon had 2.
    expect(historyBy(past, world.now())).toMatchObject([{ profile: { callCount: 4 } }]);
    past.close();
    world.end();
  });
});

describe('attempts that were live once', () => {
  it('leave no score, no price and no trend to attempts that all scored 0', () => {
    const world = createWorld(false);
    const { database, open, now } = world;
    const cell = { cell: 0, jump: 0 };
    // The first event of this seed is of 3 calls and scores 0; the scores of the other leave a residue.
    for (const project of [0, 1, 2, 3]) {
      world.take({ type: 'events', ...cell, project, count: 1, seed: 303 });
    }
    world.take({ type: 'events', ...cell, project: 4, count: 3, seed: 4 });
    world.take({ type: 'pass', seconds: 60 });
    expectSame(open, database, 1, now());

    const elsewhere = { cell: 1, jump: 0, count: 1, failed: true, seed: 2 };
    world.take({ type: 'snapshots', ...elsewhere, project: 4 });
    expectSame(open, database, 1, now());
    world.take({ type: 'pass', seconds: 86_400 });
    world.take({ type: 'events', ...cell, project: 5, count: 12, seed: 1 });
    world.take({ type: 'pass', seconds: 30 });

    expectSame(open, database, 1, now());
    const aged = insightBy(open, 1, now()).cells.find(({ model }) => model === 'a');
    expect(aged).toMatchObject({ callCount: 18, trendPercent: null });
    world.end();
  });
});

describe('rows from the future', () => {
  const rows = { project: 1, cell: 0, count: 8, seed: 5 };
  /** Seconds ahead: within the hour and the day, next year, and milliseconds taken for seconds. */
  const ahead = [60, 7200, 400 * 86_400, 1.7e12, 1e300];

  it.each([
    ['summed up', 9, false],
    ['not summed up', 0, false],
    ['in a database of the original', 0, true],
  ])('count once their time has come, when %s', (_name, summed, original) => {
    expect.hasAssertions();
    const world = createWorld(original);
    const { database, open, now } = world;
    world.take({ type: 'events', ...rows, jump: -600 });
    world.take({ type: 'snapshots', ...rows, jump: -600, failed: false });
    const withoutAhead = (past: Past) => ({ ...insightBy(past, 1, now()), leftOut: undefined });
    const before = withoutAhead(world.fresh());
    const known = historyBy(world.fresh(), now());
    for (const jump of ahead) {
      world.take({ type: 'events', ...rows, jump });
      world.take({ type: 'snapshots', ...rows, jump, failed: false });
    }
    world.take({ type: 'summarise', most: summed });

    for (const reader of [open, world.fresh()]) {
      expectNearly(withoutAhead(reader), before);
      expect(insightBy(reader, 1, now()).leftOut.ahead).toBe(4 * 2 * rows.count);
      expectSame(reader, database, 1, now());
    }
    expectNearly(historyBy(world.fresh(), now()), known);

    world.take({ type: 'pass', seconds: 4000 });
    expectSame(open, database, 1, now());
    expectSame(world.fresh(), database, 1, now());
    expectSameHistory(world.fresh(), database, now());
    world.end();
  });
});
