import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { fieldOf, OutcomeFileError } from './row.ts';

/** How a file of outcomes is written, recognised by its beginning. */
export type OutcomeFormat =
  | { kind: 'json-lines' }
  | { kind: 'json-array' }
  /** `skippedLines` stand before the header. */
  | { kind: 'csv'; delimiter: string; skippedLines: number };

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
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? 'a folder' : 'no regular file';
      throw new OutcomeFileError('unreadable', `${path} is ${what}; name a file of outcomes.`);
    }
    const start = Buffer.alloc(64 * 1024);
    const { bytesRead } = await file.read({ buffer: start, position: 0 });
    if (start.toString('latin1', 0, 4) === 'PK\u0003\u0004') {
      const what = `${path} is a workbook or another archive; save its sheet as CSV UTF-8.`;
      throw new OutcomeFileError('invalid', what);
    }
    const encoding = encodingOf(start);
    const beginning = new TextDecoder(encoding).decode(start.subarray(0, bytesRead));
    return {
      format: formatOf(beginning),
      pieces: piecesOf(file, path, encoding, (bytes) => onBytes(bytes, stats.size)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function encodingOf([first, second]: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

async function* piecesOf(
  file: FileHandle,
  path: string,
  encoding: string,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (bytes: Buffer | undefined): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (error) {
      throw new OutcomeFileError(
        'invalid',
        `${path} is not text in UTF-8; save it as CSV UTF-8, or as Unicode text.`,
        { cause: error },
      );
    }
  };
  let position = 0;
  for (;;) {
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(pieceBytes),
      0,
      pieceBytes,
      position,
    );
    if (bytesRead === 0) break;
    position += bytesRead;
    onBytes(position);
    yield decode(buffer.subarray(0, bytesRead));
  }
  yield decode(undefined);
}

const delimiters = [',', ';', '\t', '|'] as const;

function formatOf(beginning: string): OutcomeFormat {
  const first = beginning.trimStart()[0];
  if (first === '{') return { kind: 'json-lines' };
  if (first === '[') return { kind: 'json-array' };
  const lines = beginning.split(/\r\n|\n|\r/, 1000);
  const named = /^"?sep=(.)"?$/i.exec((lines[0] ?? '').trimEnd() || 'sep')?.[1];
  // Excel's first line, which names what separates the columns; a tab there is trimmed away.
  if (named !== undefined) return { kind: 'csv', delimiter: named, skippedLines: 1 };
  if (/^"?sep=\t/i.test(lines[0] ?? '')) return { kind: 'csv', delimiter: '\t', skippedLines: 1 };
  const header = lines.find((line) => line.trim() !== '') ?? '';
  const known = (delimiter: string): number =>
    header.split(delimiter).filter((name) => fieldOf(name.replaceAll('"', '')) !== undefined)
      .length;
  let best: string = ',';
  for (const delimiter of delimiters) {
    if (known(delimiter) > known(best)) best = delimiter;
  }
  return { kind: 'csv', delimiter: best, skippedLines: 0 };
}
