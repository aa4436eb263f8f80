import { eastAsianWidth } from 'get-east-asian-width';
import { plainCharacters } from './plain-characters.ts';

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
