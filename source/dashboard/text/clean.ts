import { stripVTControlCharacters } from 'node:util';
import { plainCharacters } from './plain-characters.ts';

const plain = new RegExp(`^[${plainCharacters}]*$`);

/** Built for the first text that is not plain: they take milliseconds that most starts need not spend. */
let patterns: ReturnType<typeof buildPatterns> | undefined;

const buildPatterns = () => ({
  /** Text without any of what {@link cleanText} changes. */
  harmless:
    /^[^\p{C}\p{Zl}\p{Zp}\p{M}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}\p{Regional_Indicator}\u0E33\u0EB3]*$/u,
  /** Moves the cursor or breaks the line. */
  controls: /[\p{Cc}\p{Zl}\p{Zp}]+/gu,
  /**
   * Turns the direction of text, takes no room, or takes a different room in every terminal: bidi
   * marks, joiners, variation selectors, tags, skin tones.
   */
  invisible: /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu,
  /** No character of this Unicode: what it may be elsewhere has a width that nobody here knows. */
  unassigned: /\p{Cn}/gu,
  /** Marks that go on any letter, beyond two: they grow into the lines above and below. */
  stacked: /((?:(?=\p{M})\p{Script=Inherited}){2})(?:(?=\p{M})\p{Script=Inherited})+/gu,
  /** Marks of whatever script beyond what a syllable has. */
  piled: /(\p{M}{6})\p{M}+/gu,
  /** Marks without a letter would go on what the screen has before the text. */
  leading: /^\p{M}+/u,
});

/**
 * The vowel AM of Thai and Lao is one column of its own in most terminals, and none where they join it to
 * its letter. As the ring and the vowel that it is made of, in the order of their drawing, it is the same
 * everywhere.
 */
const splitAm = (text: string): string =>
  text
    .replace(/([\u0E48-\u0E4B]*)\u0E33/g, '\u0E4D$1\u0E32')
    .replace(/([\u0EC8-\u0ECB]*)\u0EB3/g, '\u0ECD$1\u0EB2');

const firstFlagLetter = 0x1f1e6;

/**
 * Text from outside, made safe to draw: no escape sequence survives, and every terminal agrees with
 * us on its width. Pure and idempotent; plain text comes back as it is.
 */
export function cleanText(text: string): string {
  if (plain.test(text)) return text;
  patterns ??= buildPatterns();
  const { harmless, controls, invisible, unassigned, stacked, piled, leading } = patterns;
  if (harmless.test(text)) return text;
  return splitAm(
    stripVTControlCharacters(text)
      .toWellFormed()
      .replace(controls, ' ')
      .replace(invisible, '')
      .replace(unassigned, '\uFFFD')
      // Flags are pairs of letters, and terminals differ on the width of the pair.
      .replace(/\p{Regional_Indicator}/gu, (letter) =>
        String.fromCodePoint((letter.codePointAt(0) ?? 0) - firstFlagLetter + 0x41),
      )
      .replace(leading, '')
      .replace(stacked, '$1')
      .replace(piled, '$1'),
  );
}

/** For terminals that only know ASCII: an accent is left out, whatever else is not ASCII becomes `?`. */
export function asciiText(text: string): string {
  return cleanText(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ -~]/gu, '?');
}
