import Database from 'better-sqlite3';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProfileSnapshot } from '../../source/domain/profile.ts';
import { createProfileBook } from '../../source/routing/index.ts';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { decodeBatch, encodeBatch } from '../../source/telemetry/write/batch-line.ts';
import { goodAnswer, run, task } from '../engine/support/run.ts';
import { startScriptedServer } from '../engine/support/scripted-server.ts';
import { openWriting } from './open-writing.ts';
import { profile, temporaryDirectory } from './support.ts';

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
  return { path, store, history, book: createProfileBook({ models, history }) };
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
    const { book, history, path } = await historyAfter(outcome.snapshots);
    expect(history).toMatchObject([{ profile: { callCount: 60, confidence: 'HOT' } }]);
    expect(book.profile('alone', 'summarization').qualityScore).toBe(0.8);
    expect(book.profile('alone', 'code_review').qualityScore).toBe(0.8);
    expect(book.posteriors('summarization')).toEqual(
      createProfileBook({ models, history: [] }).posteriors('summarization'),
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
    const { history, book } = await historyAfter([scored(0.6), scored(0), scored(0)]);
    expect(history[0]?.profile.qualityScore).toBeCloseTo(0.2, 9);
    expect(book.profile('alone', 'summarization').qualityScore).toBeLessThan(0.6);
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
