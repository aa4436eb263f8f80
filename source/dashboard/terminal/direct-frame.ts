import { plainCharacters } from '../text/plain-characters.ts';

/** A text that Ink has laid out, at the column and row of its first character. */
export type Write = {
  x: number;
  y: number;
  text: string;
  transformers: readonly ((line: string, index: number) => string)[];
};

/** One line of a text: closed in itself, so that nothing of its style reaches beyond it. */
export type Piece = { text: string; width: number };

type Placed = Piece & { x: number };

/** Lines remembered; several times what the largest screens show. */
const mostKnown = 4096;

/**
 * Puts texts side by side into the rows of a frame, as Ink does, which for that takes every text apart
 * into cells, makes a grid of them, and writes the grid out again. Where no text covers another, the
 * rows are simply the texts; then this answers with the frame, and otherwise with undefined. `measure`
 * is asked for lines of characters that are not plain.
 */
export function createDirectFrames(
  measure: (line: string) => Piece,
): (writes: readonly Write[], size: { width: number; height: number }) => string | undefined {
  const known = new Map<string, Piece | undefined>();

  const pieceOf = (line: string): Piece | undefined => {
    if (known.has(line)) return known.get(line);
    if (known.size >= mostKnown) known.clear();
    const piece = closedPiece(line, measure);
    known.set(line, piece);
    return piece;
  };

  return (writes, { width, height }) => {
    const rows: Placed[][] = Array.from({ length: height }, () => []);
    for (const write of writes) {
      if (!Number.isInteger(write.x) || !Number.isInteger(write.y) || write.x < 0) return undefined;
      for (const [index, untransformed] of write.text.split('\n').entries()) {
        const row = rows[write.y + index];
        if (row === undefined) continue;
        const line = write.transformers.reduce(
          (text, transform) => transform(text, index),
          untransformed,
        );
        const piece = pieceOf(line);
        if (piece === undefined || write.x + piece.width > width) return undefined;
        if (piece.width > 0) row.push({ ...piece, x: write.x });
      }
    }
    const lines: string[] = [];
    for (const row of rows) {
      const line = joined(row);
      if (line === undefined) return undefined;
      lines.push(line);
    }
    return lines.join('\n');
  };
}

/** The pieces of a row with what lies between them; undefined where one covers another. */
function joined(row: Placed[]): string | undefined {
  if (row.length > 1) row.sort((a, b) => a.x - b.x);
  let line = '';
  let column = 0;
  for (const { x, text, width } of row) {
    if (x < column) return undefined;
    line += ' '.repeat(x - column) + text;
    column = x + width;
  }
  return line.trimEnd();
}

const plain = new RegExp(`^[${plainCharacters}]*$`);
const styles = /\u001B\[[\d;]*m/g;
const reset = '\u001B[0m';

/** Undefined where the line may leave a style open: then only taking it apart tells which. */
function closedPiece(line: string, measure: (line: string) => Piece): Piece | undefined {
  let text = line;
  if (line.includes('\u001B')) {
    if (line.match(styles)?.at(-1) !== reset) return undefined;
    text = line.replace(styles, '');
  }
  return plain.test(text) ? { text: line, width: text.length } : measure(line);
}
