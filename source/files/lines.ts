import { readSync } from 'node:fs';

const newline = 0x0a;
const pieceBytes = 256 * 1024;

type LineSplitter<Line> = {
  take: (chunk: Buffer) => void;
  /** What came after the last line break: a line that is being written, or was when its process died. */
  rest(): Line;
};

/**
 * Takes bytes as they come and gives out complete lines, whatever the size of the whole. A line of more than
 * `longest` bytes is undefined, and not kept while its end is awaited.
 */
export function createLineSplitter(
  longest: number,
  onLine: (line: string | undefined, bytes: number) => void,
): LineSplitter<string> {
  const lines = createByteLineSplitter(longest, (line, bytes) =>
    onLine(line?.toString('utf8'), bytes),
  );
  return { take: lines.take, rest: () => lines.rest().toString('utf8') };
}

/** The same in bytes, which are the reader's again when the line has been taken. */
export function createByteLineSplitter(
  longest: number,
  onLine: (line: Buffer | undefined, bytes: number) => void,
): LineSplitter<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;

  /** A copy of the last piece where it is kept, since the reader uses its buffer again. */
  const add = (piece: Buffer): void => {
    length += piece.length;
    if (length > longest) pieces = [];
    else pieces.push(piece);
  };
  const line = (): Buffer | undefined => {
    if (length > longest) return undefined;
    const [only] = pieces;
    // Most lines lie in one piece, which need not be copied.
    return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
  };

  return {
    take(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        add(chunk.subarray(start, end));
        onLine(line(), length);
        pieces = [];
        length = 0;
        start = end + 1;
      }
      if (start < chunk.length) add(Buffer.from(chunk.subarray(start)));
    },
    rest: () => line() ?? Buffer.alloc(0),
  };
}

/** A complete line of a file; `text` is undefined of one that is too long. `end` is where the next begins. */
export type FileLine = { text: string | undefined; end: number };

/**
 * The complete lines of an open file from an offset on, in pieces, so that a file of any size takes little
 * memory. What follows the last end of a line is not handed on: its writer may not be done with it.
 */
export function* completeLines(
  descriptor: number,
  from: number,
  longest: number,
): Generator<FileLine> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let found: FileLine[] = [];
  let end = from;
  const lines = createLineSplitter(longest, (text, bytes) => {
    end += bytes + 1;
    found.push({ text, end });
  });
  for (let position = from; ;) {
    const read = readSync(descriptor, piece, 0, pieceBytes, position);
    if (read === 0) return;
    position += read;
    lines.take(piece.subarray(0, read));
    yield* found;
    found = [];
  }
}
