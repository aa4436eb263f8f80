import { JSONParser } from '@streamparser/json';
import { messageOf } from '../../../domain/errors.ts';
import { Rejection } from '../rejection.ts';
import type { TakeEntry } from './entry.ts';

/** Of one element, in characters: more is no record of a task. */
const maxElementLength = 64_000_000;
/** How much is parsed at once, in characters; a line of a million of them is a common thing here. */
const sliceLength = 64 * 1024;

/** Which parts of a document are records, and which values before them are wanted; as `$.samples.*`. */
export type DocumentPaths = {
  elements: readonly string[];
  /** Small parts; the last name of the path is their name. */
  headers?: readonly string[];
};

/**
 * JSON that is one document, or several after one another, element by element: only one element is in
 * memory. Behind a mistake in its syntax nothing can be read.
 */
export async function readDocument(
  pieces: AsyncIterable<string>,
  { elements, headers = [] }: DocumentPaths,
  {
    take,
    onHeader,
    pause,
  }: {
    take: TakeEntry;
    onHeader: (name: string, value: unknown) => void;
    pause: () => Promise<boolean>;
  },
): Promise<void> {
  let line = 1;
  let sinceLast = 0;
  const parser = new JSONParser({
    paths: [...elements, ...headers],
    keepStack: false,
    separator: '',
  });
  const names = new Set(headers.map((path) => path.slice(path.lastIndexOf('.') + 1)));
  parser.onValue = ({ value, key }) => {
    sinceLast = 0;
    if (typeof key === 'string' && names.has(key)) onHeader(key, value);
    else take(line, () => value);
  };
  const stopAt = (reason: string): void =>
    take(line, () => {
      throw new Rejection(`${reason}; what follows it was not read`);
    });
  try {
    for await (const piece of pieces) {
      for (const [text, lines] of slicesOf(piece)) {
        sinceLast += text.length;
        parser.write(text);
        line += lines;
        if (sinceLast > maxElementLength) {
          stopAt(`an element is longer than ${maxElementLength} characters`);
          return;
        }
      }
      if (!(await pause())) return;
    }
    if (!parser.isEnded) parser.end();
  } catch (error) {
    stopAt(`this is not a complete JSON document (${messageOf(error).slice(0, 120)})`);
  }
}

/** A piece in lines, the long ones in slices; with each how many lines end in it. */
function* slicesOf(piece: string): Generator<[text: string, lines: number]> {
  for (let start = 0; start < piece.length;) {
    const stop = piece.indexOf('\n', start);
    const end = stop < 0 ? piece.length : stop + 1;
    for (let from = start; from < end; from += sliceLength) {
      const to = Math.min(end, from + sliceLength);
      yield [piece.slice(from, to), stop >= 0 && to === end ? 1 : 0];
    }
    start = end;
  }
}
