import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callRoles } from '../../source/domain/model-call.ts';
import {
  addUsage,
  totalOf,
  type RoleUsage,
  type UsedCall,
} from '../../source/domain/role-usage.ts';

const count = fc.nat(10_000);
const call: fc.Arbitrary<UsedCall> = fc.record({
  attempt: fc.nat(3),
  role: fc.constantFrom(...callRoles),
  costUsd: fc.nat(1_000_000).map((micro) => micro / 1e6),
  usage: fc.option(
    fc.record({
      inputTokens: count,
      cachedInputTokens: count,
      outputTokens: count,
      reasoningTokens: count,
    }),
    { nil: undefined },
  ),
});

describe('what the calls of a task came to', () => {
  it('is in all what each of them did, to the billionth of a dollar, in the order of attempts and roles', () => {
    fc.assert(
      fc.property(fc.array(call), (calls) => {
        const sums: RoleUsage[] = [];
        for (const one of calls) addUsage(sums, one);
        const total = totalOf(sums);
        expect(total.calls).toBe(calls.length);
        expect(total.untold).toBe(calls.filter(({ usage }) => usage === undefined).length);
        expect(total.costUsd).toBeCloseTo(
          calls.reduce((sum, { costUsd }) => sum + costUsd, 0),
          8,
        );
        expect(total.tokens.input).toBe(
          calls.reduce((sum, { usage }) => sum + (usage?.inputTokens ?? 0), 0),
        );
        const places = sums.map(({ attempt, role }) => 10 * attempt + callRoles.indexOf(role));
        expect(places).toEqual([...new Set(places)].toSorted((a, b) => a - b));
      }),
    );
  });
});
