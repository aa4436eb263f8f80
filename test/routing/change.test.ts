import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../source/domain/moments.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { establishedChange, type ScoreSlice } from '../../source/routing/index.ts';

/** Days of scores: each pair is a number of days and the true quality on them. */
function days(seed: number, perDay: number, ...spans: [number, number][]): ScoreSlice[] {
  const random = seededRandom(seed);
  return spans
    .flatMap(([length, quality]) => Array.from({ length }, () => quality))
    .map((quality, day) => ({
      from: day,
      scores: momentsOf(Array.from({ length: perDay }, () => (random() < quality ? 1 : 0))),
    }));
}

describe('an established change', () => {
  it('is found near where it happened', () => {
    const at = establishedChange(days(1, 40, [20, 0.85], [10, 0.6]));
    expect(at).toBeGreaterThanOrEqual(18);
    expect(at).toBeLessThanOrEqual(22);
  });

  it('is the last of several', () => {
    expect(establishedChange(days(2, 60, [15, 0.9], [15, 0.5], [15, 0.8]))).toBeGreaterThanOrEqual(
      28,
    );
  });

  it('is rarely seen where nothing changed', () => {
    const alarms = Array.from({ length: 200 }, (_, seed) =>
      establishedChange(days(seed, 20, [45, 0.7])),
    ).filter((at) => at !== undefined);
    expect(alarms.length).toBeLessThanOrEqual(6);
  });

  it('needs thirty scores on both sides and five points', () => {
    expect(establishedChange(days(3, 29, [1, 1], [1, 0]))).toBeUndefined();
    expect(establishedChange(days(3, 30, [1, 1], [1, 0]))).toBe(1);
    expect(establishedChange(days(3, 100_000, [1, 0.8], [1, 0.77]))).toBeUndefined();
  });

  it('has nothing to say of nothing, or of scores that are all the same', () => {
    expect(establishedChange([])).toBeUndefined();
    expect(establishedChange(days(4, 50, [10, 1]))).toBeUndefined();
  });
});
