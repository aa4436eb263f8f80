import { describe, expect, it } from 'vitest';
import { momentsOf } from '../../../source/domain/moments.ts';
import { shiftScores } from '../../../source/telemetry/insight/severity.ts';
import {
  addScores,
  noSums,
  positionOf,
  scoresOf,
  type Sums,
  valueOf,
} from '../../../source/telemetry/sums/fields.ts';

/** Ten tasks of 0.5 each, of which outcomes decide so many. */
function tenTasks(more: Partial<Record<Parameters<typeof positionOf>[0], number>> = {}): Sums {
  const sums = noSums(false);
  addScores(sums, momentsOf(Array<number>(10).fill(0.5)));
  for (const [field, value] of Object.entries({ tasks: 10, ...more })) {
    sums[positionOf(field as Parameters<typeof positionOf>[0])] = value;
  }
  return sums;
}

describe('taking severity out', () => {
  it.each([
    [0, 10, 0.6],
    [5, 10, 0.55],
    [10, 10, 0.5],
    // Of half of them it is known who judged.
    [0, 5, 0.55],
  ])(
    'moves tasks but those that an outcome decides: %i of ten, %i judged',
    (outcomeTasks, judged, mean) => {
      const moved = scoresOf(shiftScores(tenTasks({ outcomeTasks }), 0.1, judged));
      expect(moved.n).toBe(10);
      expect(moved.sum / moved.n).toBeCloseTo(mean, 12);
    },
  );

  it('moves what judges had said of the tasks that were looked at, and not what was found', () => {
    const sampled = {
      sampledTasks: 4,
      sampledWeight: 8,
      sampledOutcome: 6,
      sampledJudged: 4,
      sampledJudgedSquared: 2,
      sampledProduct: 3,
    };
    const before = tenTasks(sampled);
    const after = shiftScores(before, 0.1, 10);
    expect(valueOf(after, 'sampledOutcome')).toBe(6);
    // Of weight 8, each judged 0.1 higher.
    expect(valueOf(after, 'sampledJudged')).toBeCloseTo(4 + 0.8, 12);
    expect(valueOf(after, 'sampledJudgedSquared')).toBeCloseTo(2 + 2 * 0.1 * 4 + 8 * 0.01, 12);
    expect(valueOf(after, 'sampledProduct')).toBeCloseTo(3 + 0.1 * 6, 12);
    expect(valueOf(before, 'sampledJudged')).toBe(4);
  });
});
