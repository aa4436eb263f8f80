import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProfileStore } from '../../source/routing/index.ts';
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

/** Runs of attempts at one score each, through the real profiles and the real history. */
function learn(runs: number, attempts: number, score: number) {
  const snapshots: Parameters<typeof historyOf>[0]['snapshots'] & unknown[] = [];
  for (let run = 0; run < runs; run += 1) {
    const profiles = createProfileStore({
      models,
      history: historyOf({ now: run * day, snapshots }),
    });
    for (let index = 0; index < attempts; index += 1) profiles.observe(attempt(score));
    for (const snapshot of profiles.snapshots())
      snapshots.push({ ...snapshot, recordedAt: run * day });
  }
  return createProfileStore({ models, history: historyOf({ now: runs * day, snapshots }) });
}

describe('a profiles of profiles', () => {
  it('starts from the constants where nothing is known', () => {
    const profile = createProfileStore({ models, history: [] }).profile('a', 'code_review');
    expect(profile).toMatchObject({ qualityScore: 0.8, trustFactor: 1, avgCostUsd: 0.01 });
    expect(profile).toMatchObject({ avgLatencyMs: 2000, latencyP95Ms: 5000, callCount: 0 });
  });

  it('never feeds a default back: ten runs of five attempts make a HOT profile of what was seen', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (score) => {
        const profiles = learn(10, 5, score);
        expect(profiles.profile('a', 'code_review').qualityScore).toBeCloseTo(score, 9);
        expect(profiles.cell('a', 'code_review').history?.profile.confidence).toBe('HOT');
      }),
      { numRuns: 25 },
    );
  });

  it('blends a WARM history, and its latency only when HOT', () => {
    const warm = createProfileStore({
      models,
      history: [
        past('a', { qualityScore: 0.9, trustFactor: 0.5, avgCostUsd: 0.02, callCount: 20 }),
      ],
    }).profile('a', taskType);
    expect(warm.qualityScore).toBeCloseTo(0.4 * 0.9 + 0.6 * 0.8, 12);
    expect(warm.trustFactor).toBeCloseTo(0.4 * 0.5 + 0.6, 12);
    expect(warm.avgCostUsd).toBeCloseTo(0.4 * 0.02 + 0.6 * 0.01, 12);
    expect(warm).toMatchObject({ avgLatencyMs: 2000, latencyP95Ms: 5000, callCount: 20 });
    const hot = createProfileStore({ models, history: [past('a', { qualityScore: 0.9 })] });
    expect(hot.profile('a', taskType)).toMatchObject({ qualityScore: 0.9, avgLatencyMs: 900 });
  });

  it('takes what the model shows on other task types for its default', () => {
    const other = (callCount: number) => ({
      ...past('a', { qualityScore: 0.6, avgCostUsd: 0.5, callCount }),
      taskType: 'summarization',
    });
    const defaultWith = (callCount: number) =>
      createProfileStore({ models, history: [other(callCount)] }).cell('a', taskType);
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
    const { profile } = createProfileStore({ models, history: others }).cell('a', taskType).default;
    expect(profile.qualityScore).toBeCloseTo((40 * 0.9 + 10 * 0.5) / 50, 12);
  });

  it('moves by a tenth with every attempt, and starts its snapshot from nothing', () => {
    const profiles = createProfileStore({ models, history: [past('a', { qualityScore: 0.9 })] });
    profiles.observe(toAttempt({ score: 0.4, costUsd: 0.03, latencyMs: 1900 }));
    expect(profiles.profile('a', taskType)).toMatchObject({ callCount: 101, latencyP95Ms: 1900 });
    expect(profiles.profile('a', taskType).qualityScore).toBeCloseTo(0.85, 12);
    expect(profiles.profile('a', taskType).avgCostUsd).toBeCloseTo(0.012, 12);
    expect(profiles.profile('a', taskType).avgLatencyMs).toBeCloseTo(1000, 12);
    expect(profiles.snapshots()).toMatchObject([
      { model: 'a', taskType, profile: { qualityScore: 0.4, avgCostUsd: 0.03, callCount: 1 } },
    ]);
  });

  it('trusts less after a failure or a violation, and a little more after a success', () => {
    const profiles = createProfileStore({ models, history: [] });
    profiles.observe(toAttempt({ failed: true }));
    profiles.observe(toAttempt({ policyViolation: true }));
    profiles.observe(toAttempt({}));
    expect(profiles.profile('a', taskType).trustFactor).toBeCloseTo(0.95 * 0.95 * 1.001, 12);
    expect(profiles.profile('a', taskType).successRate).toBeCloseTo(2 / 3, 12);
    for (let index = 0; index < 200; index += 1) profiles.observe(toAttempt({}));
    expect(profiles.profile('a', taskType)).toMatchObject({ trustFactor: 1, successRate: 1 });
    const [snapshot] = profiles.snapshots();
    expect(snapshot?.profile).toMatchObject({ callCount: 203, failureCount: 1 });
    expect(snapshot?.profile.successRate).toBeCloseTo(202 / 203, 12);
  });

  it('counts as failing a validator only what a validator has seen', () => {
    const profiles = createProfileStore({ models, history: [] });
    profiles.observe(toAttempt({ failed: true, validatorsPassed: false }));
    profiles.observe(toAttempt({ validatorsPassed: false }));
    profiles.observe(toAttempt({}));
    expect(profiles.snapshots()[0]?.profile).toMatchObject({
      callCount: 3,
      failureCount: 1,
      validatorFailCount: 1,
    });
  });

  it('keeps what a model that it does not know did', () => {
    const profiles = createProfileStore({ models, history: [past('gone', {})] });
    profiles.observe(toAttempt({ model: 'guest' }));
    expect(profiles.snapshots()).toMatchObject([{ model: 'guest' }]);
    expect(profiles.unconfigured).toMatchObject([{ model: 'gone' }]);
  });
});
