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

const isLetter = /[\p{L}\p{N}]/u;

/** 0 at the start, 1 at the start of a word, 2 inside one, 3 to 4 with its letters apart. */
function wordRank(word: string, text: string): number | undefined {
  const at = text.indexOf(word);
  if (at === 0) return 0;
  if (at > 0) return isLetter.test(text[at - 1] ?? '') ? 2 : 1;
  let first = -1;
  let next = 0;
  for (const letter of word) {
    const found = text.indexOf(letter, next);
    if (found === -1) return undefined;
    if (first === -1) first = found;
    next = found + letter.length;
  }
  return 4 - word.length / (next - first);
}
