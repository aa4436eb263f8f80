import stringWidth from 'string-width';
import { plainCharacters } from './plain-characters.ts';

const plain = new RegExp(`^[${plainCharacters}]*$`);

const known = new Map<string, number>();
const mostKnown = 4096;

/** Columns that a clean text takes in a terminal. */
export function widthOf(text: string): number {
  // Nearly everything that is drawn.
  if (plain.test(text)) return text.length;
  const cached = known.get(text);
  if (cached !== undefined) return cached;
  const width = stringWidth(text);
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
