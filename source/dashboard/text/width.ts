import stringWidth from 'string-width';

const plain = /^[\u0020-\u007E\u2190-\u21FF\u2500-\u25FC\u25FF]*$/;

const known = new Map<string, number>();
const mostKnown = 4096;

/** Columns that a clean text takes in a terminal. */
export function widthOf(text: string): number {
  // ASCII, arrows, box drawing, blocks and shapes: nearly everything that is drawn, one column each.
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
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => ({
    text: segment,
    width: widthOf(segment),
  }));
}
