import { describe, expect, it } from 'vitest';
import { covers, sees } from '../../../source/telemetry/postgres/frontier.ts';

describe('a frontier', () => {
  it('saw what was over before it, and nothing that was pending then', () => {
    const frontier = { before: 10, pending: [4] };
    expect([3, 4, 9, 10].map((stamp) => sees(frontier, stamp))).toEqual([true, false, true, false]);
  });

  it('covers another only if it saw all that the other one did', () => {
    const earlier = { before: 10, pending: [4] };
    expect(covers({ before: 12, pending: [] }, earlier)).toBe(true);
    // What is pending still was so before, or began after it.
    expect(covers({ before: 12, pending: [4, 11] }, earlier)).toBe(true);
    // The earlier one saw 7.
    expect(covers({ before: 12, pending: [7] }, earlier)).toBe(false);
    expect(covers({ before: 9, pending: [] }, earlier)).toBe(false);
  });
});
