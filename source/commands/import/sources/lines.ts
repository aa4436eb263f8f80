import { Rejection } from '../rejection.ts';
import type { TakeEntry } from './entry.ts';

/** In characters; no record of one line takes that. */
export const maxLineLength = 1_000_000;

/**
 * JSON Lines, each on its own: what is wrong with one leaves the others as they are. A line that is too long
 * is never held in memory.
 */
export async function readLines(
  pieces: AsyncIterable<string>,
  take: TakeEntry,
  pause: () => Promise<boolean>,
): Promise<void> {
  let line = 1;
  let rest = '';
  /** Whether the rest of the line that is being read is passed over. */
  let isTooLong = false;
  const end = (text: string): void => {
    if (isTooLong) take(line, tooLong);
    else if (text.trim() !== '') take(line, () => parsedLine(text), text);
    isTooLong = false;
    line += 1;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (;;) {
      const stop = piece.indexOf('\n', start);
      if (stop < 0) break;
      const text = rest + piece.slice(start, stop);
      if (text.length > maxLineLength) isTooLong = true;
      end(text);
      rest = '';
      start = stop + 1;
    }
    if (!isTooLong) rest += piece.slice(start);
    if (rest.length > maxLineLength) {
      isTooLong = true;
      rest = '';
    }
    if (!(await pause())) return;
  }
  if (isTooLong || rest !== '') end(rest);
}

function tooLong(): never {
  throw new Rejection(`the line is longer than ${maxLineLength} characters`);
}

function parsedLine(text: string): unknown {
  if (text.includes('\uFFFD')) throw new Rejection('the line is not text in UTF-8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Rejection('this is not a complete JSON object');
  }
}
