import { setImmediate } from 'node:timers/promises';
import type { Database as Connection } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insightOf } from '../../source/telemetry/insight/insight.ts';
import { reachOf, viewOf, windowOf } from '../../source/telemetry/insight/view.ts';
import { createTimelineReader } from '../../source/telemetry/timeline/timeline-reader.ts';
import { warmStart } from '../../source/telemetry/warm-start.ts';
import { horizonStart } from '../../source/telemetry/history/index.ts';
import { allRows, bruteForce, bruteHistory } from './brute-force.ts';
import { expectNearly } from './nearly.ts';
import { createWorld, grid, step } from './world.ts';

type Reader = ReturnType<typeof createTimelineReader>;

const insightBy = (reader: Reader, days: number, now: number) => {
  const window = windowOf(days, now);
  return reader.within(reachOf(window), (timeline) =>
    insightOf(viewOf(window, timeline, reader.cells)),
  );
};

const historyBy = (reader: Reader, now: number, exceptProject?: string) =>
  reader.within({ from: horizonStart(now), runsFrom: Infinity, aged: true }, (timeline) =>
    warmStart(timeline, reader.cells, now, exceptProject),
  );

const sorted = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

const cellKey = ({ model, taskType }: { model: string; taskType: string }): string =>
  `${taskType} ${model}`;

function expectSame(reader: Reader, database: Connection, days: number, now: number): void {
  const rows = allRows(database);
  const expected = bruteForce(rows, days, now);
  const insight = insightBy(reader, days, now);
  const standing = (item: (typeof insight.cells)[number] | (typeof insight.rankings)[number]) => ({
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
      ...standing(item),
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
      ...standing(item),
    })),
    sorted(
      expected.cells.filter(({ calls }) => calls > 0),
      cellKey,
    ),
  );
  expectNearly(insight.spendByDay, expected.spendByDay);
  expectNearly(
    sorted(insight.learningCurve, ({ projectId }) => projectId),
    sorted(expected.runs, ({ projectId }) => projectId),
  );
}

/** Without one project: as if none of its rows were there. */
function expectSameHistory(
  reader: Reader,
  database: Connection,
  now: number,
  exceptProject?: string,
): void {
  const plain = (history: ReturnType<typeof historyBy>) =>
    sorted(history, cellKey).map(
      ({ scoreVariance: _variance, sampleSize: _size, ...rest }) => rest,
    );
  const history = historyBy(reader, now, exceptProject);
  const { events, snapshots } = allRows(database);
  const isOther = (row: { project_id: string }): boolean => row.project_id !== exceptProject;
  const others = { events: events.filter(isOther), snapshots: snapshots.filter(isOther) };
  const expected = bruteHistory(others, now);
  expectNearly(plain(history), plain(expected));
  // This one takes the attempts of a day as equally old; without any evidence there is none.
  for (const { model, taskType, sampleSize = 1 } of expected) {
    const same = history.find((cell) => cell.model === model && cell.taskType === taskType);
    expect((same?.sampleSize ?? 1) / sampleSize).toBeCloseTo(1, 2);
  }
}

const stories = fc.array(step, { minLength: 40, maxLength: 80, size: 'max' });

describe('summaries', () => {
  it.each([
    ['with summaries', false],
    ['on a database of the original', true],
  ])('give the same numbers as every single row, %s', async (_name, original) => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(stories, async (steps) => {
        const world = createWorld(original);
        const { database, open, now } = world;
        try {
          for (const step of [...steps, { type: 'read', days: 30 } as const]) {
            if (step.type === 'read') {
              expectSame(open, database, step.days, now());
              expectSame(createTimelineReader(database, grid), database, step.days, now());
              expectSameHistory(createTimelineReader(database, grid), database, now());
              const fresh = createTimelineReader(database, grid);
              expectSameHistory(fresh, database, now(), `p${step.days % 7}`);
            } else world.take(step);
          }
          expectSameHistory(open, database, now());
          for (const project of ['p0', 'p3', 'nobody']) {
            expectSameHistory(open, database, now(), project);
          }
        } finally {
          database.close();
          // Closed statements let go of their memory only in a turn of the event loop.
          await setImmediate();
        }
      }),
      // Every way to tell a failing story shorter takes a database: after this long the shortest so far will do.
      { numRuns: 12, plugins: [fc.interruptAfterTimeLimit(20_000)] },
    );
  });

  it.each([
    ['a block in no group', { blocks: 2, summed: 1 }],
    ['a block, before its group is summed up', { blocks: 3, summed: 1 }],
    ['a group that is summed up already', { blocks: 5, summed: 5 }],
  ])('take back what a run counted before its snapshots, from %s', (_name, { blocks, summed }) => {
    const world = createWorld(false);
    const { database, now } = world;
    const events = (project: number) => {
      world.take({ type: 'events', project, cell: 0, count: 8, jump: 0, seed: 5 });
      world.take({ type: 'pass', seconds: 600 });
    };
    const snapshots = (project: number) =>
      world.take({
        type: 'snapshots',
        project,
        cell: 0,
        count: 1,
        jump: 0,
        failed: false,
        seed: 7,
      });
    for (let project = 0; project < blocks; project += 1) events(project);
    world.take({ type: 'summarise', most: summed });
    const open = createTimelineReader(database, grid);
    expectSame(open, database, 1, now());

    snapshots(0);
    snapshots(blocks - 1);
    world.take({ type: 'summarise', most: 9 });

    expect(countOf(database, 'summary_corrections')).toBe(1);
    // A window that cuts the day reads hours, a wider one days.
    for (const days of [1, 30, 600 / 86_400]) {
      expectSame(createTimelineReader(database, grid), database, days, now());
      expectSame(open, database, days, now());
    }
    expectSameHistory(createTimelineReader(database, grid), database, now());
    database.close();
  });
});

describe('attempts that were taken back', () => {
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
    const standing = insightBy(open, 1, now()).cells.find(({ model }) => model === 'a');
    expect(standing).toMatchObject({ callCount: 18, trendPercent: null });
    database.close();
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
    const before = insightBy(createTimelineReader(database, grid), 1, now());
    const known = historyBy(createTimelineReader(database, grid), now());
    for (const jump of ahead) {
      world.take({ type: 'events', ...rows, jump });
      world.take({ type: 'snapshots', ...rows, jump, failed: false });
    }
    world.take({ type: 'summarise', most: summed });

    for (const reader of [open, createTimelineReader(database, grid)]) {
      expectNearly(insightBy(reader, 1, now()), before);
      expectSame(reader, database, 1, now());
    }
    expectNearly(historyBy(createTimelineReader(database, grid), now()), known);

    world.take({ type: 'pass', seconds: 4000 });
    expectSame(open, database, 1, now());
    expectSame(createTimelineReader(database, grid), database, 1, now());
    expectSameHistory(createTimelineReader(database, grid), database, now());
    database.close();
  });
});

function countOf(database: Connection, table: string): number {
  return Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
}
