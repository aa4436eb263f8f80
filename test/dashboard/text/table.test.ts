import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedTable, table, widthOf } from '../../../source/dashboard/text/index.ts';

const rows = [
  ['', 'MODEL', 'COST', 'WHY'],
  ['1', 'deepseek-chat', '$0.41', 'the cheapest within 0.05 of the best quality'],
  ['2', '模型', '$2.10', ''],
];
const columns = rows[0]?.map(() => ({})) ?? [];

describe('a table in a width', () => {
  it('is as any table where it fits', () => {
    expect(fittedTable(rows, columns, 120)).toEqual(table(rows, columns));
    expect(fittedTable(rows, columns)).toEqual(table(rows, columns));
  });

  it('puts below its row what has no room, the last column first, behind its title', () => {
    expect(fittedTable(rows, columns, 40)).toEqual([
      '   MODEL          COST',
      '1  deepseek-chat  $0.41',
      '    why the cheapest within 0.05 of the',
      '    best quality',
      '2  模型           $2.10',
    ]);
    expect(fittedTable(rows, columns, 20).slice(0, 3)).toEqual([
      '   MODEL',
      '1  deepseek-chat',
      '    cost $0.41, why',
    ]);
  });

  it('loses no word, and stays in its width as far as its first two columns do', () => {
    const cell = fc.stringMatching(/^[a-z模]{0,12}( [a-z]{1,12}){0,3}$/);
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 20, max: 140 }),
        (given, width) => {
          const lines = fittedTable(
            given,
            Array.from({ length: 5 }, () => ({})),
            width,
          );
          const text = lines.join(' ').replaceAll(/[\s,]+/g, '');
          for (const word of given
            .slice(1)
            .flat()
            .flatMap((each) => each.split(' '))) {
            expect(text).toContain(word);
          }
          const room = (index: number) =>
            Math.max(...given.map((row) => widthOf(row[index] ?? '')));
          const least = room(0) + room(1) + 2;
          for (const line of lines)
            expect(widthOf(line)).toBeLessThanOrEqual(Math.max(width, least));
        },
      ),
    );
  });
});
