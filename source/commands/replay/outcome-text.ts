import { encodingOf, openTextStream, type TextStream } from '../../files/text-stream.ts';
import { csvForm, type CsvForm } from '../shared/csv.ts';
import { fieldOf, OutcomeFileError } from './row.ts';

/** How a file of outcomes is written, recognised by its beginning. */
export type OutcomeFormat =
  | { kind: 'json-lines' }
  | { kind: 'json-array' }
  | ({ kind: 'csv' } & CsvForm);

export type OutcomeText = {
  format: OutcomeFormat;
  /** The whole text in pieces, without its byte-order mark. To be read once; closes the file at its end. */
  pieces: AsyncIterable<string>;
  close(): Promise<void>;
};

/** Small pieces: buffers are collected late, and large ones add up to tens of megabytes. */
const pieceBytes = 16 * 1024;

/**
 * Opens a file of outcomes as a stream of text: UTF-8, or UTF-16 with a byte-order mark, as spreadsheets
 * write it. Rejects with an {@link OutcomeFileError} for what is no regular file, and with what the file
 * system answers; waits for nothing.
 */
export async function openOutcomeText(
  path: string,
  onBytes: (bytes: number, size: number) => void,
): Promise<OutcomeText> {
  const text = await openTextStream(path, { pieceBytes });
  if (!text.ok) {
    throw new OutcomeFileError('unreadable', `${path} is ${text.what}; name a file of outcomes.`);
  }
  const { beginning, size = 0 } = text;
  if (beginning.toString('latin1', 0, 4) === 'PK\u0003\u0004') {
    await text.close();
    const what = `${path} is a workbook or another archive; save its sheet as CSV UTF-8.`;
    throw new OutcomeFileError('invalid', what);
  }
  return {
    format: formatOf(new TextDecoder(encodingOf(beginning)).decode(beginning)),
    pieces: piecesOf(path, text, (bytes) => onBytes(bytes, size)),
    close: text.close,
  };
}

async function* piecesOf(
  path: string,
  text: TextStream,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  try {
    for await (const piece of text.pieces({ fatal: true })) {
      onBytes(text.bytesRead());
      yield piece;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new OutcomeFileError(
      'invalid',
      `${path} is not text in UTF-8; save it as CSV UTF-8, or as Unicode text.`,
      { cause: error },
    );
  }
}

function formatOf(beginning: string): OutcomeFormat {
  const first = beginning.trimStart()[0];
  if (first === '{') return { kind: 'json-lines' };
  if (first === '[') return { kind: 'json-array' };
  return { kind: 'csv', ...csvForm(beginning, knownFields) };
}

/** How many fields a header names where that separates them. */
const knownFields = (header: string, delimiter: string): number =>
  header.split(delimiter).filter((name) => fieldOf(name.replaceAll('"', '')) !== undefined).length;
