import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import type { TaskStanding } from '../../source/domain/task-standing.ts';
import { markOf } from '../../source/dashboard/tables/task-marks.ts';
import { plainCharacters } from '../../source/dashboard/text/plain-characters.ts';
import { unicodeGlyphs } from '../../source/dashboard/theme/glyphs.ts';

const pattern = plainCharacters.replaceAll('\\\\', '\\');
const plain = new RegExp(`^[${pattern}]$`);
const plainText = new RegExp(`^[${pattern}]*$`);
const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => plain.test(character),
);

it('takes one column for every character that the bundle does not measure', () => {
  expect(characters.length).toBeGreaterThan(500);
  expect(characters.filter((character) => stringWidth(character) !== 1)).toEqual([]);
});

it('takes as many columns as there are characters, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...characters)), (some) => {
      expect(stringWidth(some.join(''))).toBe(some.length);
    }),
  );
});

it('measures no sign that the screens are drawn with', () => {
  const textsIn = (value: unknown): string[] =>
    typeof value === 'string' ? [value] : Object.values(Object(value)).flatMap(textsIn);
  const standings: TaskStanding[] = ['running', 'accepted', 'best-effort', 'skipped', 'failed'];
  const signs = [
    ...textsIn(unicodeGlyphs),
    ...standings.map((standing) => markOf(standing, false).sign),
  ];
  expect(signs.filter((sign) => !plainText.test(sign))).toEqual([]);
});
