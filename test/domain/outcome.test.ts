import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisiveOutcome, type OutcomeRow } from '../../source/domain/outcome.ts';

const row = (source: string, value: number | null, sampled: number | null = null): OutcomeRow => ({
  source,
  value,
  sampled,
});

describe('what a task with outcomes counts with', () => {
  it.each<[string, OutcomeRow[], number | undefined]>([
    ['nothing', [], undefined],
    ['the last word of a source', [row('person', 1), row('person', 0.2)], 0.2],
    ['a person before a test', [row('person', 0), row('test', 1)], 0],
    ['a test before a merge', [row('test', 0.3), row('merge', 1)], 0.3],
    ['a merge before any other', [row('merge', 0.3), row('import', 1), row('qa', 1)], 0.3],
    ['of others the one that spoke last', [row('import', 0.3), row('qa', 0.4)], 0.4],
    ['its own last word of equals', [row('qa', 0.2), row('ci', 0.9), row('qa', 0.4)], 0.4],
    [
      'the others, once it is withdrawn',
      [row('person', 0), row('test', 1), row('person', null)],
      1,
    ],
    ['nothing, once all is withdrawn', [row('person', 0), row('person', null)], undefined],
    ['what is said after a withdrawal', [row('merge', null), row('merge', 0.6)], 0.6],
  ])('is %s', (_name, rows, value) => {
    expect(decisiveOutcome(rows)?.value).toBe(value);
  });

  it('says with which probability it was asked for', () => {
    expect(decisiveOutcome([row('person', 1), row('person', 0.5, 0.05)])?.sampled).toBe(0.05);
  });

  it('is not changed by what a less trusted source says, nor by earlier words', () => {
    const rows = fc.array(
      fc.record({
        source: fc.constantFrom('person', 'test', 'merge', 'import'),
        value: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        sampled: fc.constant(null),
      }),
    );
    fc.assert(
      fc.property(
        rows,
        rows,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, after, value) => {
          const later = after.filter(({ source }) => source !== 'person');
          expect(decisiveOutcome([...before, row('person', value), ...later])?.value).toBe(value);
        },
      ),
    );
  });
});
