import Database from 'better-sqlite3';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { insightJson, renderPlainDashboard } from '../../source/dashboard/plain/index.ts';
import type { Insight } from '../../source/domain/insight.ts';
import type { CallRole, ModelCall } from '../../source/domain/model-call.ts';
import { sharedSchema } from '../../source/telemetry/database/schema.ts';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { result, temporaryDirectory } from './support.ts';

const home = process.env['TZ'];
afterEach(() => {
  process.env['TZ'] = home;
});

const now = Date.parse('2026-01-10T20:00:00Z') / 1000;
const databaseFile = (): string => join(temporaryDirectory(), 'telemetry.db');

function read(path: string, days = 30): Insight {
  const reader = openInsightReader({ path, now: () => now });
  onTestFinished(() => reader.close());
  const reading = reader.read(days);
  if (reading.status !== 'ready') throw new Error(reading.status);
  return reading.insight;
}

const call = (callId: string, role: CallRole, model: string, costUsd: number): ModelCall => ({
  callId,
  ...(role === 'planner' ? {} : { taskId: 't1', taskType: 'code_generation', attempt: 1 }),
  role,
  provider: 'p',
  model,
  costUsd,
  costEstimated: false,
  latencyMs: 10,
  outcome: 'ok',
});

describe('what was spent', () => {
  it('is what every call cost, to whom and for what, planning included', async () => {
    const path = databaseFile();
    const store = openTelemetryStore({ path, now: () => now - 3600 });
    store.recordCall('run', call('c1', 'planner', 'big', 0.5));
    store.recordCall('run', call('c2', 'generator', 'small', 0.1));
    store.recordCall('run', call('c3', 'judge', 'big', 0.2));
    store.recordRoutingEvent('run', 't1', result({ model: 'small', costUsd: 0.3 }));
    await store.close();
    const { spend, summary, spendByDay, spendByModel } = read(path);
    expect(spend.totalUsd).toBeCloseTo(0.8, 12);
    expect(spend.byRole).toEqual({ planner: 0.5, generator: 0.1, judge: 0.2 });
    expect(spend.byModel).toEqual([
      { model: 'big', costUsd: 0.7, byRole: { planner: 0.5, judge: 0.2 } },
      { model: 'small', costUsd: 0.1, byRole: { generator: 0.1 } },
    ]);
    expect(spend.approximate).toBe(false);
    expect(summary.totalCostUsd).toBeCloseTo(0.8, 12);
    expect(spendByDay.map(({ costUsd }) => costUsd)).toEqual([expect.closeTo(0.8, 12)]);
    expect(spendByModel).toEqual([
      { model: 'big', costUsd: 0.7, tasks: 0 },
      { model: 'small', costUsd: 0.1, tasks: 1 },
    ]);
    expect(insightJson(read(path))).toMatchObject({
      spend: {
        byRole: { planner: 0.5 },
        byProject: [{ projectId: 'run', costUsd: expect.closeTo(0.8, 12), tasks: 1 }],
      },
    });
  });

  it('is booked by tasks for a run without recorded calls, and called approximate', async () => {
    const path = databaseFile();
    const store = openTelemetryStore({ path, now: () => now - 3600 });
    store.recordCall('new', call('c1', 'generator', 'small', 0.1));
    store.recordRoutingEvent('new', 't1', result({ model: 'small', costUsd: 0.9 }));
    store.recordRoutingEvent('old', 't1', result({ model: 'small', costUsd: 0.3 }));
    await store.close();
    expect(read(path).spend).toEqual({
      totalUsd: expect.closeTo(0.4, 12),
      byRole: { generator: 0.1, unknown: 0.3 },
      byModel: [
        {
          model: 'small',
          costUsd: expect.closeTo(0.4, 12),
          byRole: { generator: 0.1, unknown: 0.3 },
        },
      ],
      approximate: true,
    });
  });

  it("is an author's alone per attempt while the run goes on, so that no number jumps at its end", async () => {
    const path = databaseFile();
    const store = openTelemetryStore({ path, now: () => now - 3600 });
    store.recordCall('run', call('c1', 'generator', 'small', 0.1));
    store.recordCall('run', call('c2', 'reviser', 'small', 0.3));
    store.recordCall('run', call('c3', 'judge', 'big', 0.5));
    store.recordRoutingEvent('run', 't1', {
      ...result({ model: 'small', costUsd: 0.9, iterations: 2 }),
      taskType: 'code_generation',
    });
    await store.close();
    const [small] = read(path).rankings;
    expect(small).toMatchObject({ model: 'small', callCount: 2, liveCallCount: 2 });
    expect(small?.averageCostUsd).toBeCloseTo(0.2, 12);
  });

  it('from midnight on is of the new day', async () => {
    process.env['TZ'] = 'Asia/Kolkata';
    const path = databaseFile();
    let at = 0;
    const store = openTelemetryStore({ path, now: () => at });
    for (const moment of ['2026-01-06T18:20:00Z', '2026-01-06T18:30:00Z']) {
      at = Date.parse(moment) / 1000;
      store.recordRoutingEvent('run', moment, result({ costUsd: 5 }));
    }
    await store.close();
    expect(read(path).spendByDay.map(({ day, costUsd }) => [day, costUsd])).toEqual([
      [Date.parse('2026-01-05T18:30:00Z') / 1000, 5],
      [Date.parse('2026-01-06T18:30:00Z') / 1000, 5],
    ]);
  });

  it('of a task type goes to who did most of it, the first by name of equals', async () => {
    const path = databaseFile();
    const store = openTelemetryStore({ path, now: () => now - 3600 });
    for (const [index, model] of ['zeta', 'alpha', 'zeta', 'alpha'].entries()) {
      store.recordRoutingEvent('run', `t${index}`, result({ model }));
    }
    await store.close();
    expect(read(path).routes.map(({ model }) => model)).toEqual(['alpha']);
  });

  it.each([
    ['America/Los_Angeles', ['2026-01-06T00:30:00Z', '2026-01-06T04:00:00Z']],
    ['Asia/Kolkata', ['2026-01-06T18:40:00Z', '2026-01-07T18:20:00Z']],
    ['Asia/Kathmandu', ['2026-01-06T18:20:00Z', '2026-01-07T18:10:00Z']],
  ])('in one evening is of one local day in %s', async (zone, moments) => {
    process.env['TZ'] = zone;
    const path = databaseFile();
    let at = 0;
    const store = openTelemetryStore({ path, now: () => at });
    for (const moment of moments) {
      at = Date.parse(moment) / 1000;
      store.recordRoutingEvent('run', moment, result({ costUsd: 5 }));
    }
    await store.close();
    const { spendByDay } = read(path);
    expect(spendByDay).toMatchObject([{ costUsd: 10, tasks: 2 }]);
    expect(new Date((spendByDay[0]?.day ?? 0) * 1000).getHours()).toBe(0);
  });
});

describe('rows of another clock or scale', () => {
  const write = (rows: readonly { at: number; score?: number; costUsd?: number }[]): string => {
    const path = databaseFile();
    const database = new Database(path);
    database.exec(sharedSchema);
    const insert = database.prepare(
      `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, score, cost_usd,
         iterations, det_passed, recorded_at) VALUES ('p', 't', 'evaluation', 'm', ?, ?, 1, 1, ?)`,
    );
    for (const { at, score = 0.9, costUsd = 0.01 } of rows) insert.run(score, costUsd, at);
    database.close();
    return path;
  };
  const good = { at: now - 60 };

  it.each([
    ['in milliseconds', now * 1000],
    ['two hours ahead', now + 7200],
    ['at the end of time', Infinity],
  ])('are told of, and in no number, when dated %s', (_what, at) => {
    const insight = read(write([good, { at }, { at }]));
    expect(insight.leftOut).toEqual({ ahead: 2, outOfRange: 0 });
    expect(insight.summary).toMatchObject({ runs: 1, totalCostUsd: 0.01 });
    expect(renderPlainDashboard(insight, {})).toMatch(/2 rows are dated in the future/);
  });

  it.each([
    ['a score of 87', { score: 87 }],
    ['a negative cost', { costUsd: -5 }],
    ['a score without end', { score: Infinity }],
    ['more than anything costs', { costUsd: 1e6 + 1 }],
    ['a cost of which two are no number', { costUsd: 1e308 }],
  ])('are told of, and in no number, with %s', (_what, wrong) => {
    const insight = read(write([good, { ...good, ...wrong }]));
    expect(insight.leftOut).toEqual({ ahead: 0, outOfRange: 1 });
    expect(insight.summary).toEqual({ runs: 1, totalCostUsd: 0.01, averageQuality: 0.9 });
    expect(renderPlainDashboard(insight, {})).toMatch(/1 row has a score or an amount that cannot/);
  });

  /** As another program may make them: columns without a type keep whatever is put into them. */
  const writeAnything = (columns: string, row: Readonly<Record<string, unknown>>): string => {
    const path = databaseFile();
    const database = new Database(path);
    database.exec(sharedSchema);
    if (columns !== '')
      database.exec(`DROP TABLE routing_events; CREATE TABLE routing_events (${columns})`);
    const usual = {
      project_id: 'p',
      task_id: 't',
      task_type: 'evaluation',
      model_chosen: 'm',
      reviewer: null,
      score: 0.9,
      cost_usd: 0.01,
      iterations: 1,
      det_passed: 1,
      recorded_at: now - 60,
    };
    const names = Object.keys(usual);
    const insert = database.prepare(
      `INSERT INTO routing_events (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
    );
    insert.run(usual);
    insert.run({ ...usual, ...row });
    database.close();
    return path;
  };
  const typeless = `id INTEGER PRIMARY KEY, project_id, task_id, task_type, model_chosen, reviewer, score,
    cost_usd, iterations, det_passed, recorded_at`;

  it.each([
    ['bytes for a model', '', { model_chosen: Buffer.from('m') }],
    ['bytes for a task type', '', { task_type: Buffer.from([0, 255]) }],
    ['bytes for a run', '', { project_id: Buffer.from('p') }],
    ['bytes for a score', '', { score: Buffer.from('0.5') }],
    ['a text for a score', typeless, { score: '0.5' }],
    ['a text for a cost', typeless, { cost_usd: '0.5' }],
    ['a number for a model', typeless, { model_chosen: 5 }],
  ])('are told of, and in no number, with %s', (_what, columns, wrong) => {
    const path = writeAnything(columns, wrong);
    const insight = read(path);
    expect(insight.leftOut).toEqual({ ahead: 0, outOfRange: 1 });
    expect(insight.summary).toEqual({ runs: 1, totalCostUsd: 0.01, averageQuality: 0.9 });
    expect(insight.rankings.map(({ model }) => model)).toEqual(['m']);
    expect(renderPlainDashboard(insight, {})).toMatch(/1 row has a score or an amount that cannot/);
  });

  it('are nothing to tell of where a clock is a little fast', () => {
    const insight = read(write([good, { at: now + 30 }]));
    expect(insight.leftOut).toEqual({ ahead: 0, outOfRange: 0 });
    expect(renderPlainDashboard(insight, {})).not.toMatch(/Left out/);
  });
});
