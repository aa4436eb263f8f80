import { describe, expect, it } from 'vitest';
import { createRunRecord } from '../../source/routing/run-record.ts';
import { attempt, past } from './support.ts';

const start = past('a', {
  qualityScore: 0.5,
  trustFactor: 0.5,
  avgLatencyMs: 1000,
  avgCostUsd: 0.1,
  successRate: 0.9,
}).profile;

/** A record that has seen these attempts, in this order. */
function recordOf(...attempts: Parameters<typeof attempt>[1][]) {
  const record = createRunRecord(start);
  for (const each of attempts) record.observe(attempt('a', each));
  return record;
}

const times = (count: number, more: Parameters<typeof attempt>[1]) =>
  Array.from({ length: count }, () => more);

describe('within a run', () => {
  it('moves quality, cost and latency a tenth of the way to each attempt', () => {
    const { qualityScore, avgCostUsd, avgLatencyMs } = recordOf({
      score: 1,
      costUsd: 0.2,
      latencyMs: 2000,
    }).current();
    expect(qualityScore).toBeCloseTo(0.55, 12);
    expect(avgCostUsd).toBeCloseTo(0.11, 12);
    expect(avgLatencyMs).toBeCloseTo(1100, 9);
  });

  it('takes the first known cost where none was known', () => {
    const record = createRunRecord({ ...start, avgCostUsd: Number.POSITIVE_INFINITY });
    record.observe(attempt('a', { costUsd: 0.2 }));
    expect(record.current().avgCostUsd).toBe(0.2);
  });

  it('multiplies trust by 0.95 for a failure or a broken policy, by 1.001 for a success', () => {
    expect(recordOf({ failed: true }).current().trustFactor).toBeCloseTo(0.5 * 0.95, 12);
    expect(recordOf({ policyViolation: true }).current().trustFactor).toBeCloseTo(0.5 * 0.95, 12);
    expect(recordOf({}).current().trustFactor).toBeCloseTo(0.5 * 1.001, 12);
  });

  it('never trusts more than 1', () => {
    const record = createRunRecord({ ...start, trustFactor: 1 });
    record.observe(attempt('a'));
    expect(record.current().trustFactor).toBe(1);
  });

  it('takes the success rate from the last 10 attempts', () => {
    expect(recordOf({ failed: true }, ...times(9, {})).current().successRate).toBeCloseTo(0.9, 12);
    expect(recordOf({ failed: true }, ...times(10, {})).current().successRate).toBe(1);
  });

  it('takes the 95th percentile from the last 50 latencies', () => {
    const [slow, quick] = [{ latencyMs: 9000 }, { latencyMs: 100 }];
    // Of 50 latencies the 48th by size counts, of 51 it would be the 49th.
    expect(recordOf(slow, ...times(48, quick), slow, slow).current().latencyP95Ms).toBe(100);
    expect(recordOf(...times(47, quick), slow, slow, slow).current().latencyP95Ms).toBe(9000);
  });

  it('observes plain means of its own, with a trust that starts at 1', () => {
    const record = recordOf(
      { score: 1, costUsd: 0.3, latencyMs: 300 },
      { score: 0.5, costUsd: 0.1, latencyMs: 100 },
    );
    // An attempt without an answer has no score.
    const { score: _, ...failed } = attempt('a', { failed: true, costUsd: 0.2, latencyMs: 200 });
    record.observe(failed);
    const observed = record.observed();
    expect(observed).toMatchObject({ qualityScore: 0.75, callCount: 3, failureCount: 1 });
    expect(observed.avgCostUsd).toBeCloseTo(0.2, 12);
    expect(observed.avgLatencyMs).toBeCloseTo(200, 9);
    expect(observed.successRate).toBeCloseTo(2 / 3, 12);
    expect(observed.trustFactor).toBeCloseTo(0.95, 3);
  });
});
