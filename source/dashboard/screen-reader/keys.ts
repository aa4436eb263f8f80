import type { KeyName } from '../keys/decode.ts';
import { charactersOf } from '../text/width.ts';

/** The keys that work without a screen, as they are said. */
export const keySentence =
  'Keys: 1 overview, 2 by task, 3 cost, 4 recommendations, 5 live runs; [ and ] shorter and longer window; r says this view anew; ? says the keys; q quits.';

/** What a key does here; the others do nothing. */
export type SpokenKey = 'view' | 'keys' | 'quit';

const meanings: Record<KeyName, SpokenKey> = {
  '1': 'view',
  '2': 'view',
  '3': 'view',
  '4': 'view',
  '5': 'view',
  '[': 'view',
  ']': 'view',
  r: 'view',
  '?': 'keys',
  q: 'quit',
  'ctrl-c': 'quit',
  'ctrl-d': 'quit',
};

export const meaningOf = (key: KeyName): SpokenKey | undefined =>
  Object.hasOwn(meanings, key) ? meanings[key] : undefined;

const escape = '\u001B';

/**
 * The keys of a chunk of raw input. Escape sequences, as arrows send them, are left out as a whole:
 * the bracket in them is not the key that changes the window.
 */
export function keysIn(chunk: string): KeyName[] {
  const keys: KeyName[] = [];
  const characters = charactersOf(chunk).map(({ text }) => text);
  for (let index = 0; index < characters.length; index += 1) {
    const text = characters[index] ?? '';
    if (text === escape) {
      index = endOfSequence(characters, index);
      continue;
    }
    const code = text.codePointAt(0) ?? 0;
    keys.push(code < 0x20 ? `ctrl-${String.fromCodePoint(code + 0x60)}` : text);
  }
  return keys;
}

/** Where the escape sequence that begins at `start` ends. */
function endOfSequence(characters: readonly string[], start: number): number {
  const kind = characters[start + 1];
  if (kind === 'O') return start + 2;
  if (kind !== '[') return start;
  const end = characters.findIndex((text, index) => index > start + 1 && /^[@-~]/.test(text));
  return end === -1 ? characters.length : end;
}
