import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProfileBook } from '../../source/routing/index.ts';
import { attempt as toAttemptOf, past, taskType } from './support.ts';
import { historyOf } from '../../source/telemetry/history/index.ts';

const day = 86_400;
const models = [{ id: 'a', provider: 'p', defaultCostUsd: 0.01 }];
const toAttempt = (more: Partial<ReturnType<typeof toAttemptOf>>) => toAttemptOf('a', more);
const attempt = (score: number) => ({
  model: 'a',
  taskType: 'code_review',
  score,
  failed: false,
  costUsd: 0.02,
  latencyMs: 900,
  policyViolation: false,
  validatorsPassed: true,
});

/** Runs of attempts at one score each, through the real book and the real history. */
function learn(runs: number, attempts: number, score: number) {
  const snapshots: Parameters<typeof historyOf>[0]['snapshots'] & unknown[] = [];
  for (let run = 0; run < runs; run += 1) {
    const book = createProfileBook({ models, history: historyOf({ now: run * day, snapshots }) });
    for (let index = 0; index < attempts; index += 1) book.observe(attempt(score));
    for (const snapshot of book.snapshots()) snapshots.push({ ...snapshot, recordedAt: run * day });
  }
  return createProfileBook({ models, history: historyOf({ now: runs * day, snapshots }) });
}

describe('a book of profiles', () => {
  it('starts from the constants where nothing is known', () => {
    const profile = createProfileBook({ models, history: [] }).profile('a', 'code_review');
    expect(profile).toMatchObject({ qualityScore: 0.8, trustFactor: 1, avgCostUsd: 0.01 });
    expect(profile).toMatchObject({ avgLatencyMs: 2000, latencyP95Ms: 5000, callCount: 0 });
  });

  it('never hears its own echo: ten runs of five attempts make a HOT profile of what was seen', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (score) => {
        const book = learn(10, 5, score);
        expect(book.profile('a', 'code_review').qualityScore).toBeCloseTo(score, 9);
        expect(book.belief('a', 'code_review').history?.profile.confidence).toBe('HOT');
      }),
      { numRuns: 25 },
    );
  });

  it('blends a WARM history, and its latency only when HOT', () => {
    const warm = createProfileBook({
      models,
      history: [
        past('a', { qualityScore: 0.9, trustFactor: 0.5, avgCostUsd: 0.02, callCount: 20 }),
      ],
    }).profile('a', taskType);
    expect(warm.qualityScore).toBeCloseTo(0.4 * 0.9 + 0.6 * 0.8, 12);
    expect(warm.trustFactor).toBeCloseTo(0.4 * 0.5 + 0.6, 12);
    expect(warm.avgCostUsd).toBeCloseTo(0.4 * 0.02 + 0.6 * 0.01, 12);
    expect(warm).toMatchObject({ avgLatencyMs: 2000, latencyP95Ms: 5000, callCount: 20 });
    const hot = createProfileBook({ models, history: [past('a', { qualityScore: 0.9 })] });
    expect(hot.profile('a', taskType)).toMatchObject({ qualityScore: 0.9, avgLatencyMs: 900 });
  });

  it('takes what the model shows on other task types for its default', () => {
    const other = (callCount: number) => ({
      ...past('a', { qualityScore: 0.6, avgCostUsd: 0.5, callCount }),
      taskType: 'summarization',
    });
    const defaultWith = (callCount: number) =>
      createProfileBook({ models, history: [other(callCount)] }).belief('a', taskType);
    expect(defaultWith(9).default.source).toBe('constants');
    expect(defaultWith(20).default).toMatchObject({ source: 'other-task-types' });
    expect(defaultWith(20).profile.qualityScore).toBeCloseTo(0.4 * 0.6 + 0.6 * 0.8, 12);
    expect(defaultWith(80).profile).toMatchObject({ qualityScore: 0.6, avgCostUsd: 0.01 });
  });

  it('pools the quality of other task types by their scored attempts alone', () => {
    const others = [
      { ...past('a', { qualityScore: 0.9, callCount: 40 }), taskType: 'summarization' },
      {
        ...past('a', { qualityScore: 0.5, callCount: 40 }, { effectiveCalls: 10 }),
        taskType: 'evaluation',
        effectiveAttempts: 40,
      },
    ];
    const { profile } = createProfileBook({ models, history: others }).belief(
      'a',
      taskType,
    ).default;
    expect(profile.qualityScore).toBeCloseTo((40 * 0.9 + 10 * 0.5) / 50, 12);
  });

  it('moves by a tenth with every attempt, and starts its snapshot from nothing', () => {
    const book = createProfileBook({ models, history: [past('a', { qualityScore: 0.9 })] });
    book.observe(toAttempt({ score: 0.4, costUsd: 0.03, latencyMs: 1900 }));
    expect(book.profile('a', taskType)).toMatchObject({ callCount: 101, latencyP95Ms: 1900 });
    expect(book.profile('a', taskType).qualityScore).toBeCloseTo(0.85, 12);
    expect(book.profile('a', taskType).avgCostUsd).toBeCloseTo(0.012, 12);
    expect(book.profile('a', taskType).avgLatencyMs).toBeCloseTo(1000, 12);
    expect(book.snapshots()).toMatchObject([
      { model: 'a', taskType, profile: { qualityScore: 0.4, avgCostUsd: 0.03, callCount: 1 } },
    ]);
  });

  it('trusts less after a failure or a violation, and a little more after a success', () => {
    const book = createProfileBook({ models, history: [] });
    book.observe(toAttempt({ failed: true }));
    book.observe(toAttempt({ policyViolation: true }));
    book.observe(toAttempt({}));
    expect(book.profile('a', taskType).trustFactor).toBeCloseTo(0.95 * 0.95 * 1.001, 12);
    expect(book.profile('a', taskType).successRate).toBeCloseTo(2 / 3, 12);
    for (let index = 0; index < 200; index += 1) book.observe(toAttempt({}));
    expect(book.profile('a', taskType)).toMatchObject({ trustFactor: 1, successRate: 1 });
    const [snapshot] = book.snapshots();
    expect(snapshot?.profile).toMatchObject({ callCount: 203, failureCount: 1 });
    expect(snapshot?.profile.successRate).toBeCloseTo(202 / 203, 12);
  });

  it('counts as failing a validator only what a validator has seen', () => {
    const book = createProfileBook({ models, history: [] });
    book.observe(toAttempt({ failed: true, validatorsPassed: false }));
    book.observe(toAttempt({ validatorsPassed: false }));
    book.observe(toAttempt({}));
    expect(book.snapshots()[0]?.profile).toMatchObject({
      callCount: 3,
      failureCount: 1,
      validatorFailCount: 1,
    });
  });

  it('keeps what a model that it does not know did', () => {
    const book = createProfileBook({ models, history: [past('gone', {})] });
    book.observe(toAttempt({ model: 'guest' }));
    expect(book.snapshots()).toMatchObject([{ model: 'guest' }]);
    expect(book.strangers).toMatchObject([{ model: 'gone' }]);
  });
});
