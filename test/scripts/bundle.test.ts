import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { plainCharacters } from '../../source/dashboard/text/plain-characters.ts';

const plain = new RegExp(`^[${plainCharacters.replaceAll('\\\\', '\\')}]$`);
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
