import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { messageOf } from '../domain/errors.ts';
import { hasCode } from './error-code.ts';
import { readBounded } from './own-file.ts';
import { encodingOf } from './text-stream.ts';

/** A text that people write, as it was read: what is parsed, hashed and judged is this one reading. */
export type TextFile = {
  ok: true;
  text: string;
  /** As they are on disk. */
  bytes: Buffer;
  /** Of the file that was read, whatever its name leads to by now. */
  stats: Stats;
};

export type TextFileRefusal = {
  ok: false;
  reason: 'missing' | 'not-a-file' | 'too-large' | 'not-text' | 'unreadable';
  /** What is the matter, to go behind the file's name: "is not a regular file". */
  problem: string;
  cause?: unknown;
};

/** More than anybody writes by hand. */
const maxTextBytes = 1_000_000;

/**
 * Reads a text file that a person wrote or named: UTF-8 with or without a byte-order mark, or UTF-16 with
 * one. Links are followed; a FIFO, a device or a folder is no file, and nothing is waited for. Never throws.
 */
export function readTextFile(
  path: string,
  { maxBytes = maxTextBytes }: { maxBytes?: number } = {},
): TextFile | TextFileRefusal {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) {
      const what = stats.isDirectory() ? 'is a folder' : 'is not a regular file';
      return { ok: false, reason: 'not-a-file', problem: what };
    }
    const bytes = stats.size > maxBytes ? undefined : readBounded(descriptor, maxBytes);
    if (bytes === undefined) return tooLarge(maxBytes);
    const text = decodeText(bytes);
    if (text === undefined) return notText;
    return { ok: true, text, bytes, stats };
  } catch (error) {
    return refusalOf(error, path);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The same of what another program pipes in, to its end. Never rejects. */
export async function readPipedText(
  stream: AsyncIterable<unknown>,
  { maxBytes = maxTextBytes }: { maxBytes?: number } = {},
): Promise<{ ok: true; text: string } | TextFileRefusal> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of stream) {
      const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
      length += bytes.length;
      if (length > maxBytes) return tooLarge(maxBytes);
      pieces.push(bytes);
    }
  } catch (error) {
    return refusalOf(error, '');
  }
  const text = decodeText(Buffer.concat(pieces, length));
  return text === undefined ? notText : { ok: true, text };
}

const notText: TextFileRefusal = { ok: false, reason: 'not-text', problem: 'is not text in UTF-8' };

function tooLarge(maxBytes: number): TextFileRefusal {
  const problem = `is larger than ${Math.ceil(maxBytes / 1_000_000)} MB`;
  return { ok: false, reason: 'too-large', problem };
}

/** Undefined for what is no text in an encoding that can be recognised. The byte-order mark is taken off. */
function decodeText(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function refusalOf(error: unknown, path: string): TextFileRefusal {
  if (hasCode(error, 'ENOENT')) {
    return { ok: false, reason: 'missing', problem: 'is not there', cause: error };
  }
  if (hasCode(error, 'ENXIO')) {
    return { ok: false, reason: 'not-a-file', problem: 'is not a regular file', cause: error };
  }
  if (hasCode(error, 'ELOOP')) {
    return { ok: false, reason: 'not-a-file', problem: 'is a link in a circle', cause: error };
  }
  const message = messageOf(error).replace(` '${path}'`, '');
  return { ok: false, reason: 'unreadable', problem: `cannot be read (${message})`, cause: error };
}
