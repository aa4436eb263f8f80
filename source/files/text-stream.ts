import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A text that is read once, in pieces: as large as it likes, in constant memory. */
export type TextStream = {
  /** Its first bytes, by which its form is recognised. */
  beginning: Buffer;
  /** In bytes, where that is known. */
  size?: number;
  /** How many bytes of it have been handed out. */
  bytesRead: () => number;
  /**
   * All of it, without its byte-order mark. What is not valid in its encoding comes as U+FFFD, or with
   * `fatal` rejects with a TypeError.
   */
  pieces: (options?: { fatal?: boolean }) => AsyncIterable<string>;
  close: () => Promise<void>;
};

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What is looked at before reading begins. */
const beginningBytes = 64 * 1024;

/** Why a path is not read. */
export type NotAFile = { ok: false; what: 'a folder' | 'no regular file' };

/**
 * Opens a regular file; waits for nothing. Rejects with what the file system answers. `pieceBytes` are read
 * at a time, into one buffer.
 */
export async function openTextStream(
  path: string,
  { pieceBytes = 256 * 1024 }: { pieceBytes?: number } = {},
): Promise<({ ok: true } & TextStream) | NotAFile> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await file.stat();
    if (!stats.isFile()) {
      await file.close();
      return { ok: false, what: stats.isDirectory() ? 'a folder' : 'no regular file' };
    }
    const buffer = Buffer.allocUnsafe(beginningBytes);
    const { bytesRead } = await file.read({ buffer, position: 0 });
    const beginning = Buffer.from(buffer.subarray(0, bytesRead));
    let position = 0;
    async function* bytes(): AsyncGenerator<Buffer> {
      const piece = Buffer.allocUnsafe(pieceBytes);
      for (;;) {
        const { bytesRead: length } = await file.read(piece, 0, pieceBytes, position);
        if (length === 0) return;
        position += length;
        yield piece.subarray(0, length);
      }
    }
    return {
      ok: true,
      beginning,
      size: stats.size,
      bytesRead: () => position,
      pieces: ({ fatal = false } = {}) => decoded(bytes(), encodingOf(beginning), fatal),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The same of what another program pipes in. */
export async function readTextStream(stream: AsyncIterable<unknown>): Promise<TextStream> {
  const source = stream[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  let position = 0;
  let isOver = false;
  const next = async (): Promise<Buffer | undefined> => {
    const { done, value }: IteratorResult<unknown> = await source.next();
    if (done === true) return undefined;
    return Buffer.isBuffer(value) ? value : Buffer.from(String(value));
  };
  while (length < beginningBytes && !isOver) {
    const piece = await next();
    isOver = piece === undefined;
    if (piece === undefined) break;
    first.push(piece);
    length += piece.length;
  }
  async function* bytes(): AsyncGenerator<Buffer> {
    for (const piece of first.splice(0)) {
      position += piece.length;
      yield piece;
    }
    if (isOver) return;
    for (let piece = await next(); piece !== undefined; piece = await next()) {
      position += piece.length;
      yield piece;
    }
  }
  const beginning = Buffer.concat(first, length).subarray(0, beginningBytes);
  return {
    beginning,
    bytesRead: () => position,
    pieces: ({ fatal = false } = {}) => decoded(bytes(), encodingOf(beginning), fatal),
    close: async () => void (await source.return?.()),
  };
}

/** UTF-8, unless a byte-order mark says otherwise. */
export function encodingOf([first, second]: Buffer): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

async function* decoded(
  bytes: AsyncIterable<Buffer>,
  encoding: Encoding,
  fatal: boolean,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal });
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
