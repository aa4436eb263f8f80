/** The words that a text is about, longest first: what the answers are made to mention. */
export function subjectOf(instructions: string): { title: string; words: string[] } {
  const line = instructions.split('\n').find((each) => each.trim() !== '') ?? 'the task';
  const title = line.trim().replace(/[.:!?]+$/, '');
  const words = [...new Set(instructions.toLowerCase().match(/[a-z]{5,}/g))]
    .filter((word) => !common.has(word))
    .toSorted((one, other) => other.length - one.length)
    .slice(0, 8);
  return { title: title.length > 90 ? `${title.slice(0, 89)}…` : title, words };
}

const common = new Set(
  'about above after again their there these those which while would could should every other under write answer result using project criteria'.split(
    ' ',
  ),
);

/** A name for code, from words: `invoiceParser`. */
export function identifierOf(words: readonly string[], fallback: string): string {
  const [first = fallback, second = 'handler'] = words;
  return `${first}${second.charAt(0).toUpperCase()}${second.slice(1)}`;
}
