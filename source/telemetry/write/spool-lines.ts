import { readSync } from 'node:fs';

const newline = 0x0a;
const pieceBytes = 256 * 1024;
/** No batch of ours comes near it; a longer line is passed over without being kept in memory. */
const longestLineBytes = 64 * 1024 * 1024;

/** A complete line of a file; `text` is undefined of one that is too long. `end` is where the next begins. */
export type SpoolLine = { text: string | undefined; end: number };

/**
 * The complete lines of an open file from an offset on, in pieces, so that a file of any size takes little
 * memory. What follows the last end of a line is not handed on: its writer may not be done with it.
 */
export function* completeLines(descriptor: number, from: number): Generator<SpoolLine> {
  const piece = Buffer.allocUnsafe(pieceBytes);
  let rest: Buffer[] = [];
  let restBytes = 0;
  let position = from;
  for (;;) {
    const read = readSync(descriptor, piece, 0, pieceBytes, position);
    if (read === 0) return;
    let start = 0;
    for (
      let end = piece.indexOf(newline);
      end >= 0 && end < read;
      end = piece.indexOf(newline, start)
    ) {
      const bytes = restBytes + end - start;
      rest.push(piece.subarray(start, end));
      const text = bytes > longestLineBytes ? undefined : Buffer.concat(rest).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
      yield { text, end: position + start };
    }
    restBytes += read - start;
    if (restBytes > longestLineBytes) rest = [];
    else rest.push(Buffer.from(piece.subarray(start, read)));
    position += read;
  }
}
