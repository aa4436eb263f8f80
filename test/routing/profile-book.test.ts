import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createProfileBook } from '../../source/routing/index.ts';
import { historyOf } from '../../source/telemetry/history/index.ts';

const day = 86_400;
const models = [{ id: 'a', provider: 'p', defaultCostUsd: 0.01 }];
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
});
