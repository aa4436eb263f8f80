import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch } from '../../source/telemetry/write/batch-line.ts';
import { limits } from '../../source/domain/limits.ts';
import { noRows } from '../../source/telemetry/database/columns.ts';
import {
  callsOf,
  onceOf,
  validateCall,
  validateEvent,
} from '../../source/telemetry/write/validate.ts';
import { result } from './support.ts';

const event = validateEvent('p', 't', result(), 1);
const batch = {
  writer: '1',
  number: 1,
  ...noRows(),
  events: typeof event === 'string' ? [] : [event],
};

describe('the name of what happened', () => {
  it('is one that a database takes, and the same for the same project and id alone', () => {
    const ids = fc.tuple(fc.string(), fc.string());
    fc.assert(
      fc.property(ids, ids, ([project, id], [otherProject, otherId]) => {
        const name = onceOf(project, id);
        expect(BigInt(name.writer)).toBeLessThan(2n ** 63n);
        expect(name.number).toBeLessThan(2 ** 31);
        const isSame = project === otherProject && id === otherId;
        expect(JSON.stringify(onceOf(otherProject, otherId)) === JSON.stringify(name)).toBe(isSame);
      }),
    );
  });

  it('comes through a spool', () => {
    const once = onceOf('p', 'ticket-1');
    expect(decodeBatch(encodeBatch({ ...batch, once })).batch).toEqual({ ...batch, once });
    expect(decodeBatch(encodeBatch(batch)).batch).toEqual(batch);
  });

  it.each([{ writer: 'x', number: 1 }, { writer: '1' }, { writer: '1', number: -1 }, 7, null])(
    'is refused with its records where a spool has %j for it',
    (once) => {
      expect(decodeBatch(JSON.stringify({ ...batch, once }))).toEqual({ refused: 1 });
    },
  );
});

it('makes calls that can be true of whatever tokens can be', () => {
  const tokens = fc.record(
    {
      input: fc.nat({ max: limits.tokens }),
      cachedInput: fc.nat({ max: limits.tokens }),
      output: fc.nat({ max: limits.tokens }),
      reasoning: fc.nat({ max: limits.tokens }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(tokens, fc.option(fc.constant('j'), { nil: undefined }), (given, judge) => {
      const record = { ...result(), tokens: given, ...(judge === undefined ? {} : { judge }) };
      const calls = callsOf('t', record, 1);
      expect(calls.map(({ role }) => role)).toEqual(
        judge === undefined ? ['generator'] : ['generator', 'judge'],
      );
      for (const call of calls) expect(validateCall('p', call, 1)).not.toBeTypeOf('string');
    }),
  );
});
