import { eastAsianWidth } from 'get-east-asian-width';
import { plainCharacters } from './plain-characters.ts';
import { stripVTControlCharacters } from 'node:util';

const plain = new RegExp(`^[${plainCharacters}]*$`);

const known = new Map<string, number>();
const mostKnown = 4096;

/** Marks, what is not drawn, and the vowels and ends of Korean syllables, which join what is before them. */
let widthless: RegExp | undefined;
const buildWidthless = () =>
  /^[\p{Mn}\p{Me}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u1160-\u11FF\uD7B0-\uD7FB]$/u;

function columnsOf(character: string): number {
  widthless ??= buildWidthless();
  return widthless.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}

/**
 * Columns that a clean text takes in a terminal: the sum of its characters, as terminals advance their
 * cursor, and not what a reader sees as one, on which they disagree where scripts join letters.
 */
export function widthOf(text: string): number {
  // Nearly everything that is drawn.
  if (plain.test(text)) return text.length;
  const cached = known.get(text);
  if (cached !== undefined) return cached;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  // Names repeat on every frame; a bound keeps a long-lived screen from collecting them.
  if (known.size >= mostKnown) known.clear();
  known.set(text, width);
  return width;
}

let segmenter: Intl.Segmenter | undefined;

/** What a reader sees as one character each, with its columns. */
export function charactersOf(text: string): { text: string; width: number }[] {
  // Unicode's tables for the others take as long to load as all else of a screen to draw.
  if (plain.test(text)) return Array.from(text, (character) => ({ text: character, width: 1 }));
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => ({
    text: segment,
    width: widthOf(segment),
  }));
}

export type Align = 'left' | 'right';

/** The longest start of a text that fits into `width` columns. */
export function startOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let taken = 0;
  let result = '';
  for (const character of charactersOf(text)) {
    if (taken + character.width > width) break;
    taken += character.width;
    result += character.text;
  }
  return result;
}

function endOf(text: string, width: number): string {
  let taken = 0;
  let result = '';
  for (const character of charactersOf(text).toReversed()) {
    if (taken + character.width > width) break;
    taken += character.width;
    result = character.text + result;
  }
  return result;
}

/** Cuts the end of a text that is too wide: for sentences. */
export function cutEnd(text: string, width: number, ellipsis = '…'): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return '';
  return startOf(text, width - 1) + ellipsis;
}

/**
 * Cuts the middle of a text that is too wide: for names, whose start says the family and whose end
 * the version. The end gets the odd column.
 */
export function cutMiddle(text: string, width: number, ellipsis = '…'): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return '';
  const start = startOf(text, Math.floor((width - 1) / 2));
  return start + ellipsis + endOf(text, width - 1 - widthOf(start));
}

/** Fills a text that is not too wide with spaces to exactly `width` columns. */
export function pad(text: string, width: number, align: Align = 'left'): string {
  const missing = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + missing : missing + text;
}

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
