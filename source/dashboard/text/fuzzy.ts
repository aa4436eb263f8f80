/** As texts are compared: an accent may come with its letter or after it. */
export const folded = (text: string): string => text.normalize('NFC').toLowerCase();

/**
 * How well a text answers what was typed, 0 at best; nothing where a word of it is not there at all. Words may
 * stand in any order, and of each the letters may be apart: `gmfl` finds `gemini-flash`.
 */
export function matchRank(typed: string, text: string): number | undefined {
  const searched = folded(text);
  let rank = 0;
  for (const word of folded(typed).split(/\s+/).filter(Boolean)) {
    const ofWord = wordRank(word, searched);
    if (ofWord === undefined) return undefined;
    rank += ofWord;
  }
  return rank;
}

/** 0 at the start, 1 at the start of a word, 2 inside one, 3 to 4 with its letters apart. */
function wordRank(word: string, text: string): number | undefined {
  if (text.startsWith(word)) return 0;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (isStart(text, at)) return 1;
  }
  if (text.includes(word)) return 2;
  const name = text
    .split(/\s+/)
    .map((part) => spanOf(word, part))
    .filter((span) => span !== undefined);
  return name.length === 0 ? undefined : 4 - word.length / Math.min(...name);
}

const isLetter = /[\p{L}\p{N}]/u;

const isStart = (text: string, at: number): boolean =>
  at === 0 || !isLetter.test(text[at - 1] ?? '');

/**
 * Over how many characters of a name the letters stand: the first one where it or a part of it begins. Letters
 * that are gathered over a whole sentence are in nearly every one.
 */
function spanOf(word: string, name: string): number | undefined {
  const [initial = '', ...others] = word;
  let first = name.indexOf(initial);
  while (first !== -1 && !isStart(name, first)) first = name.indexOf(initial, first + 1);
  if (first === -1) return undefined;
  let next = first + initial.length;
  for (const letter of others) {
    const found = name.indexOf(letter, next);
    if (found === -1) return undefined;
    next = found + letter.length;
  }
  return next - first;
}
