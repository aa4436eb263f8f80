import { maxLineLength, readTextLines } from '../../shared/text-lines.ts';
import { Rejection } from '../rejection.ts';
import type { TakeEntry } from './entry.ts';

/** JSON Lines, each on its own: what is wrong with one leaves the others as they are. */
export const readLines = (
  pieces: AsyncIterable<string>,
  take: TakeEntry,
  pause: () => Promise<boolean>,
): Promise<void> =>
  readTextLines(
    pieces,
    (text, line) => {
      if (text === undefined) take(line, tooLong);
      else if (text.trim() !== '') take(line, () => parsedLine(text), text);
    },
    pause,
  );

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
