import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualities } from '../../../source/telemetry/recommendations/words.ts';

describe('two qualities side by side', () => {
  it.each([
    [0.94, 0.91, ['0.94', '0.91']],
    [0.924, 0.917, ['0.924', '0.917']],
    [0.92, 0.92, ['0.92', '0.92']],
  ])('%d and %d', (one, other, shown) => {
    expect(qualities(one, other)).toEqual(shown);
  });

  it('look alike only where three digits do', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, (one, other) => {
        const [left, right] = qualities(one, other);
        expect(left.length).toBe(right.length);
        expect(left === right).toBe(one.toFixed(3) === other.toFixed(3));
      }),
    );
  });
});
