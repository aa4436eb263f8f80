import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../../source/domain/moments.ts';
import type { ModelProfile } from '../../../source/domain/profile.ts';
import {
  ageWeight,
  historyOf,
  type SnapshotRecord,
} from '../../../source/telemetry/history/index.ts';
import { createCells } from '../../../source/telemetry/sums/fact-rows.ts';
import { createAddFact, emptyPeriod } from '../../../source/telemetry/sums/period.ts';
import { warmStart } from '../../../source/telemetry/warm-start.ts';

const day = 86_400;
const now = 200 * day;
const cell = { model: 'a', taskType: 'code_review' };

function snapshot(age: number, profile: Partial<ModelProfile>): SnapshotRecord {
  return {
    ...cell,
    recordedAt: now - age * day,
    profile: {
      qualityScore: 0.5,
      trustFactor: 1,
      avgLatencyMs: 1000,
      latencyP95Ms: 2000,
      successRate: 1,
      avgCostUsd: 0.01,
      callCount: 10,
      failureCount: 0,
      validatorFailCount: 0,
      ...profile,
    },
  };
}

/** The warm start of tasks of a run without snapshots, and of a snapshot of another run, all of today. */
function historyWithTasks(taskCount: number, snapshots: number) {
  const cells = createCells();
  const sums = emptyPeriod(true);
  const add = createAddFact({ isLive: (run) => run === 'live', isBilled: () => false });
  const common = { cell: cells.numberOf(cell.model, cell.taskType), at: now };
  for (let task = 0; task < taskCount; task += 1) {
    const told = { score: 0.9, costUsd: 0.06, iterations: 3, passed: true };
    add(sums, { kind: 'event', projectId: 'live', ...common, ...told });
  }
  for (let count = 0; count < snapshots; count += 1) {
    const { profile } = snapshot(0, {});
    add(sums, {
      kind: 'snapshot',
      projectId: 'ended',
      ...common,
      quality: profile.qualityScore,
      trust: profile.trustFactor,
      latencyMs: profile.avgLatencyMs,
      latencyP95Ms: profile.latencyP95Ms,
      success: profile.successRate,
      costUsd: profile.avgCostUsd,
      calls: 1,
      failures: 0,
      validatorFailures: 0,
      unscored: false,
    });
  }
  return warmStart([{ day: now, sums }], cells, now);
}

const profileOf = (...snapshots: SnapshotRecord[]) => historyOf({ now, snapshots })[0]?.profile;

describe('history', () => {
  it('halves in weight every thirty days', () => {
    expect(ageWeight(now - 30 * day, now)).toBe(0.5);
    expect(ageWeight(now + day, now)).toBe(1);
    const profile = profileOf(
      snapshot(0, { qualityScore: 0.9 }),
      snapshot(30, { qualityScore: 0.6 }),
    );
    expect(profile?.qualityScore).toBeCloseTo((0.9 + 0.5 * 0.6) / 1.5, 12);
    expect(profile).toMatchObject({ callCount: 20, confidence: 'WARM' });
  });

  it('ends after ninety days', () => {
    expect(profileOf(snapshot(89.9, {}))?.callCount).toBe(10);
    expect(profileOf(snapshot(90.1, {}))).toBeUndefined();
  });

  it('weighs a run of 200 calls 200 times a run of one', () => {
    const profile = profileOf(
      snapshot(3, { qualityScore: 0.8, avgCostUsd: 1, callCount: 200 }),
      snapshot(3, { qualityScore: 0.2, avgCostUsd: 0, callCount: 1 }),
    );
    expect(profile?.qualityScore).toBeCloseTo((200 * 0.8 + 0.2) / 201, 12);
    expect(profile?.avgCostUsd).toBeCloseTo(200 / 201, 12);
  });

  it('leaves a run without any scored attempt out of quality, not out of success', () => {
    const failed = { qualityScore: 0, successRate: 0, failureCount: 10 };
    const [history] = historyOf({ now, snapshots: [snapshot(0, {}), snapshot(0, failed)] });
    expect(history?.profile).toMatchObject({
      qualityScore: 0.5,
      successRate: 0.5,
      failureCount: 10,
    });
    expect(history).toMatchObject({ effectiveCalls: 10, effectiveAttempts: 20, sampleSize: 20 });
  });

  it('takes a score of 0 for an answer', () => {
    expect(profileOf(snapshot(0, { qualityScore: 0 }))?.qualityScore).toBe(0);
  });

  it('counts an event of a run without snapshots as its iterations', () => {
    const [history] = historyWithTasks(1, 1);
    expect(history?.profile.callCount).toBe(4);
    expect(history?.profile.qualityScore).toBeCloseTo((0.5 + 3 * 0.9) / 4, 12);
    expect(history?.profile.avgCostUsd).toBeCloseTo((0.01 + 0.06) / 4, 12);
    expect(history?.profile.avgLatencyMs).toBe(1000);
  });

  it('keeps the defaults for what events do not tell', () => {
    const [history] = historyWithTasks(2, 0);
    expect(history?.profile).toMatchObject({
      avgLatencyMs: 2000,
      latencyP95Ms: 5000,
      trustFactor: 1,
    });
  });

  it('knows how precise an aged mean is', () => {
    const [history] = historyOf({ now, snapshots: [snapshot(0, {}), snapshot(30, {})] });
    expect(history?.effectiveCalls).toBeCloseTo(15, 12);
    expect(history?.sampleSize).toBeCloseTo(15 ** 2 / 12.5, 12);
  });

  it('restarts at an established change', () => {
    const scores = (age: number, rate: number) => ({
      ...cell,
      from: now - age * day,
      scores: momentsOf(Array.from({ length: 50 }, (_, index) => (index < 50 * rate ? 1 : 0))),
    });
    const runs = [8, 7, 6, 5, 4, 3, 2, 1].map((age) => ({ age, rate: age > 3 ? 0.9 : 0.5 }));
    const [history] = historyOf({
      now,
      snapshots: runs.map(({ age, rate }) => snapshot(age, { qualityScore: rate, callCount: 50 })),
      scoreSlices: runs.map(({ age, rate }) => scores(age, rate)),
    });
    expect(history).toMatchObject({ restartedAt: now - 3 * day });
    expect(history?.profile).toMatchObject({ callCount: 150, confidence: 'HOT' });
    expect(history?.profile.qualityScore).toBeCloseTo(0.5, 12);
    expect(history?.scoreVariance).toBeCloseTo(0.25, 2);
  });

  it('does not depend on the order of the records', () => {
    const records = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 80 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
      ),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(records, (list) => {
        const snapshots = list.map(([age, qualityScore, callCount]) =>
          snapshot(age, { qualityScore, callCount }),
        );
        const forward = profileOf(...snapshots);
        const backward = profileOf(...snapshots.toReversed());
        expect(backward?.callCount).toBe(forward?.callCount);
        expect(backward?.qualityScore).toBeCloseTo(forward?.qualityScore ?? -1, 10);
        // HOT equals the weighted history.
        const weight = list.reduce((sum, [age, , calls]) => sum + calls * 0.5 ** (age / 30), 0);
        const quality = list.reduce(
          (sum, [age, score, calls]) => sum + score * calls * 0.5 ** (age / 30),
          0,
        );
        expect(forward?.qualityScore).toBeCloseTo(quality / weight, 10);
      }),
    );
  });
});

it('what counts since a change is worth as many attempts as their weights say, all days of it counted', () => {
  const changedAt = 20;
  const ages = Array.from({ length: 40 }, (_, index) => 40 - index);
  const rateAt = (age: number): number => (age > changedAt ? 0.9 : 0.4);
  const [history] = historyOf({
    now,
    snapshots: ages.map((age) => snapshot(age, { qualityScore: rateAt(age), callCount: 50 })),
    scoreSlices: ages.map((age) => ({
      ...cell,
      from: now - age * day,
      scores: momentsOf(
        Array.from({ length: 50 }, (_, index) => (index < 50 * rateAt(age) ? 1 : 0)),
      ),
    })),
  });
  expect(history?.restartedAt).toBe(now - changedAt * day);
  expect(history?.profile.callCount).toBe(changedAt * 50);
  expect(history?.sampleSize).toBeLessThanOrEqual(changedAt * 50);
  const weights = ages
    .filter((age) => age <= changedAt)
    .map((age) => ageWeight(now - age * day, now));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const squares = weights.reduce((all, weight) => all + weight ** 2, 0);
  expect(history?.sampleSize).toBeCloseTo((50 * sum ** 2) / squares, 3);
});
