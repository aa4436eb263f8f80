import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProfileSnapshot } from '../../source/domain/profile.ts';
import { createProfileStore } from '../../source/routing/index.ts';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { decodeBatch, encodeBatch } from '../../source/telemetry/write/batch-line.ts';
import { goodAnswer, run, task } from '../engine/support/run.ts';
import { startScriptedServer } from '../engine/support/scripted-server.ts';
import { renderPlainDashboard } from '../../source/dashboard/plain/index.ts';
import { openWriting } from './open-writing.ts';
import { profile, result, temporaryDirectory } from './support.ts';

const cell = { model: 'alone', taskType: 'summarization' };
const models = [{ id: 'alone', provider: 'first', defaultCostUsd: 0.001 }];

const unscored = (changes: Partial<ProfileSnapshot['profile']> = {}): ProfileSnapshot => ({
  ...cell,
  profile: profile({ qualityScore: 0, ...changes }),
  unscored: true,
});
const scored = (qualityScore: number): ProfileSnapshot => ({
  ...cell,
  profile: profile({ qualityScore }),
});

/** The history that these runs leave, one snapshot each. */
async function historyAfter(runs: readonly ProfileSnapshot[]) {
  const path = join(temporaryDirectory(), 'telemetry.db');
  const store = openTelemetryStore({ path });
  onTestFinished(() => store.close());
  for (const [index, snapshot] of runs.entries()) store.recordSnapshots(`p${index}`, [snapshot]);
  const history = await store.loadHistory();
  return { path, store, history, profiles: createProfileStore({ models, history }) };
}

describe('a run in which nobody could judge', () => {
  it('leaves beliefs of quality where they were, from the engine to the next run', async () => {
    const server = await startScriptedServer((asked) => goodAnswer(asked));
    onTestFinished(() => server.close());
    const tasks = Array.from({ length: 60 }, (_, index) => task(`t${index}`));
    const { outcome } = await run(server, {
      tasks,
      models: [{ id: 'alone', provider: 'first' }],
    });
    expect(outcome.snapshots).toMatchObject([
      { ...cell, profile: { qualityScore: 0, failureCount: 0, callCount: 60 } },
    ]);
    const { profiles, history, path } = await historyAfter(outcome.snapshots);
    expect(history).toMatchObject([{ profile: { callCount: 60, confidence: 'HOT' } }]);
    expect(profiles.profile('alone', 'summarization').qualityScore).toBe(0.8);
    expect(profiles.profile('alone', 'code_review').qualityScore).toBe(0.8);
    expect(profiles.posteriors('summarization')).toEqual(
      createProfileStore({ models, history: [] }).posteriors('summarization'),
    );
    // The table is what everybody else reads: 0 where there is none.
    const database = new Database(path, { readonly: true });
    const [row] = database.prepare('SELECT * FROM model_snapshots').all();
    database.close();
    expect(row).toMatchObject({ quality_score: 0, call_count: 60, failure_count: 0 });
  });

  it('is left out of averages of quality, and of nothing else', async () => {
    const { path, history } = await historyAfter([
      scored(0.6),
      unscored({ avgCostUsd: 0.003 }),
      scored(0.8),
    ]);
    const [known] = history;
    expect(known?.profile.qualityScore).toBeCloseTo(0.7, 9);
    expect(known?.profile.callCount).toBe(30);
    expect(known?.profile.avgCostUsd).toBeCloseTo(0.005 / 3, 9);
    expect(known?.effectiveCalls).toBeCloseTo(20, 4);
    const reader = openInsightReader({ path });
    onTestFinished(() => reader.close());
    const reading = reader.read(30);
    const [ranking] = reading.status === 'ready' ? reading.insight.rankings : [];
    expect(ranking?.callCount).toBe(30);
    expect(ranking?.qualityScore).toBeCloseTo(0.7, 9);
  });

  it('is told from one in which every answer scored 0', async () => {
    const { history, profiles } = await historyAfter([scored(0.6), scored(0), scored(0)]);
    expect(history[0]?.profile.qualityScore).toBeCloseTo(0.2, 9);
    expect(profiles.profile('alone', 'summarization').qualityScore).toBeLessThan(0.6);
  });

  it('still counts what failed in it', async () => {
    const { history } = await historyAfter([scored(0.6), unscored({ failureCount: 4 })]);
    expect(history[0]).toMatchObject({ profile: { failureCount: 4 } });
    expect(history[0]?.effectiveCalls).toBeCloseTo(10, 4);
    expect(history[0]?.effectiveAttempts).toBeCloseTo(14, 4);
  });

  it('stays known as such through a spool', () => {
    const snapshot = ['p', 'alone', 't', null, 1, 900, 2000, 1, 0.001, 10, 0, 0, 1000];
    const batch = {
      writer: '5',
      number: 1,
      events: [],
      snapshots: [snapshot],
      calls: [],
      outcomes: [],
      tags: [],
    };
    const line = JSON.stringify(batch);
    const decoded = decodeBatch(line);
    expect(decoded).toEqual({ batch, refused: 0 });
    expect(decoded.batch && encodeBatch(decoded.batch)).toBe(line);
    const path = join(temporaryDirectory(), 'telemetry.db');
    writeFileSync(`${path}.spool-${2 ** 22 + 1}-5-worker.jsonl`, `${line}\n`);
    openWriting(path).rest();
    const database = new Database(path, { readonly: true });
    const noted = database.prepare('SELECT snapshot_id FROM unscored_snapshots').pluck().all();
    database.close();
    expect(noted).toEqual([1]);
  });
});

describe('a result that nobody judged', () => {
  const unjudged = (model: string) => {
    const { score: _none, ...rest } = result({ model, taskType: 'summarization', iterations: 1 });
    return rest;
  };

  /** A database of one model that nobody judges, and of others by their scores. */
  async function databaseOf(count: number, scores: Record<string, readonly number[]> = {}) {
    const path = join(temporaryDirectory(), 'telemetry.db');
    const store = openTelemetryStore({ path });
    onTestFinished(() => store.close());
    for (let task = 0; task < count; task += 1) {
      store.recordRoutingEvent('alone', `t${task}`, unjudged('solo'));
    }
    for (const [model, judged] of Object.entries(scores)) {
      for (const [task, score] of judged.entries()) {
        store.recordRoutingEvent(`of-${model}`, `t${task}`, { ...unjudged(model), score });
      }
    }
    await store.flush();
    const reader = openInsightReader({ path });
    onTestFinished(() => reader.close());
    const reading = reader.read(30);
    if (reading.status !== 'ready') throw new Error(reading.status);
    return { path, store, reader, insight: reading.insight };
  }

  it("is the engine's when one model is alone, and no score of 0", async () => {
    const server = await startScriptedServer((asked) => goodAnswer(asked));
    onTestFinished(() => server.close());
    const { outcome } = await run(server, {
      tasks: [task('t1')],
      models: [{ id: 'alone', provider: 'first' }],
    });
    expect(outcome.results).toMatchObject([{ taskId: 't1', iterations: 1 }]);
    expect(outcome.results[0]).not.toHaveProperty('score');
  });

  it('is a row of score 0 whose id is kept beside it', async () => {
    const { path } = await databaseOf(2, { other: [0] });
    const database = new Database(path, { readonly: true });
    const rows = database.prepare('SELECT id, model_chosen, score FROM routing_events').all();
    const ids = database.prepare('SELECT event_id FROM unscored_events').pluck().all();
    database.close();
    expect(rows).toEqual([
      { id: 1, model_chosen: 'solo', score: 0 },
      { id: 2, model_chosen: 'solo', score: 0 },
      { id: 3, model_chosen: 'other', score: 0 },
    ]);
    expect(ids).toEqual([1, 2]);
  });

  it('counts in money and calls, and in no average', async () => {
    const { insight, reader } = await databaseOf(30, { cheap: Array(12).fill(0.95) as number[] });
    expect(insight.summary.averageQuality).toBeCloseTo(0.95, 12);
    expect(insight.summary.totalCostUsd).toBeCloseTo(42 * 0.002, 12);
    expect(insight.rankings).toMatchObject([
      { model: 'cheap', callCount: 12, taskCount: 12 },
      { model: 'solo', callCount: 30, taskCount: 0, qualityScore: null, valueScore: null },
    ]);
    expect(insight.rankings[1]?.averageCostUsd).toBeCloseTo(0.002, 12);
    expect(insight.leaders).toMatchObject({ summarization: { model: 'cheap' } });
    expect(insight.learningCurve.map(({ averageScore }) => averageScore)).toContain(null);
    expect(insight.recommendations.filter(({ kind }) => kind !== 'needs-data')).toEqual([]);
    const detail = reader.modelDetail('solo', 30);
    expect(detail?.lastEvents).toHaveLength(30);
    for (const event of detail?.lastEvents ?? []) expect(event).not.toHaveProperty('score');
  });

  it('leaves no quality, no leader and no advice where there is nothing else', async () => {
    const { insight } = await databaseOf(30);
    expect(insight.summary.averageQuality).toBeNull();
    expect(insight.leaders).toEqual({});
    expect(insight.recommendations.filter(({ kind }) => kind !== 'needs-data')).toEqual([]);
    const text = (['overview', 'by-task', 'cost'] as const)
      .map((view) => renderPlainDashboard(insight, { view }))
      .join('');
    expect(text).toMatch(/not judged/);
    expect(text).not.toMatch(/0\.00\b|0\.000/);
  });

  it('pulls nothing down when others are judged worse or better', async () => {
    const scores = Array.from({ length: 25 }, (_, index) => 0.6 + (index % 5) / 50);
    const alone = await databaseOf(0, { solo: scores, other: scores });
    const mixed = await databaseOf(60, { solo: scores, other: scores });
    const of = ({ insight }: typeof alone, model: string) =>
      insight.cells.find((cell) => cell.model === model);
    expect(of(mixed, 'solo')?.qualityScore).toBeCloseTo(of(alone, 'solo')?.qualityScore ?? 0, 12);
    expect(of(mixed, 'solo')?.qualityInterval).toEqual(of(alone, 'solo')?.qualityInterval);
    expect(mixed.insight.recommendations).toEqual(alone.insight.recommendations);
  });

  it('teaches routing nothing of quality', async () => {
    const { store } = await databaseOf(60);
    const history = await store.loadHistory();
    expect(history).toMatchObject([{ model: 'solo', effectiveCalls: 0, effectiveAttempts: 0 }]);
    const profiles = createProfileStore({
      models: [{ id: 'solo', provider: 'first', defaultCostUsd: 0.001 }],
      history,
    });
    expect(profiles.profile('solo', 'summarization').qualityScore).toBe(0.8);
  });
});
