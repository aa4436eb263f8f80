import { plainCharacters } from '../text/plain-characters.ts';

/** A text that Ink has laid out, at the column and row of its first character. */
export type Write = {
  type: 'write';
  x: number;
  y: number;
  text: string;
  transformers: readonly ((line: string, index: number) => string)[];
};

/** Bounds of what is written until it is taken back; without one there is none on that side. */
export type Clip = { x1?: number; x2?: number; y1?: number; y2?: number };

/** What Ink has been told to draw, in this order. */
export type Operation = Write | { type: 'clip'; clip: Clip } | { type: 'unclip' };

/** One line of a text: closed in itself, so that nothing of its style reaches beyond it. */
export type Piece = { text: string; width: number };

type Placed = Piece & { x: number };

/** Lines remembered; several times what the largest screens show. */
const mostKnown = 4096;

/**
 * Puts texts side by side into the rows of a frame, as Ink does, which for that takes every text apart
 * into cells, makes a grid of them, and writes the grid out again. Where no text covers another and none
 * is cut off at a side, the rows are simply the texts; then this answers with the frame, and otherwise
 * with undefined. `measure` is asked for lines of characters that are not plain.
 */
export function createDirectFrames(
  measure: (line: string) => Piece,
): (
  operations: readonly Operation[],
  size: { width: number; height: number },
) => string | undefined {
  const known = new Map<string, Piece | undefined>();

  const pieceOf = (line: string): Piece | undefined => {
    if (known.has(line)) return known.get(line);
    if (known.size >= mostKnown) known.clear();
    const piece = closedPiece(line, measure);
    known.set(line, piece);
    return piece;
  };

  /** Whether the text went into the rows. */
  const place = (
    write: Write,
    clips: readonly Clip[],
    width: number,
    rows: Placed[][],
  ): boolean => {
    const { x, y, text, transformers } = write;
    if (!Number.isInteger(x) || !Number.isInteger(y) || x < 0) return false;
    for (const [index, untransformed] of text.split('\n').entries()) {
      const row = rows[y + index];
      if (row === undefined || !clips.every((clip) => holdsRow(clip, y + index))) continue;
      const line = transformers.reduce((drawn, change) => change(drawn, index), untransformed);
      const piece = pieceOf(line);
      if (piece === undefined) return false;
      const end = x + piece.width;
      if (end > width || !clips.every((clip) => holdsColumns(clip, x, end))) return false;
      if (piece.width > 0) row.push({ ...piece, x });
    }
    return true;
  };

  return (operations, { width, height }) => {
    const rows: Placed[][] = Array.from({ length: height }, () => []);
    const clips: Clip[] = [];
    for (const operation of operations) {
      if (operation.type === 'clip') clips.push(operation.clip);
      else if (operation.type === 'unclip') clips.pop();
      else if (!place(operation, clips, width, rows)) return undefined;
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

const holdsRow = ({ y1 = -Infinity, y2 = Infinity }: Clip, row: number): boolean =>
  row >= y1 && row < y2;

const holdsColumns = (
  { x1 = -Infinity, x2 = Infinity }: Clip,
  from: number,
  end: number,
): boolean => from >= x1 && end <= x2;

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
const escape = '\u001B';
const styles = new RegExp(String.raw`${escape}\[[\d;]*m`, 'g');
const reset = `${escape}[0m`;

/** Undefined where the line may leave a style open: then only taking it apart tells which. */
function closedPiece(line: string, measure: (line: string) => Piece): Piece | undefined {
  let text = line;
  if (line.includes(escape)) {
    if (line.match(styles)?.at(-1) !== reset) return undefined;
    text = line.replace(styles, '');
  }
  return plain.test(text) ? { text: line, width: text.length } : measure(line);
}
