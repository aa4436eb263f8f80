import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { messageOf } from '../domain/errors.ts';
import { hasCode } from './error-code.ts';
import { makeFolder } from './folder.ts';

/**
 * Files that this program wrote and reads back: spools, journals, locks, preferences. Others may have put
 * something in their place, so one is used only if it is a regular file (no link, FIFO or device), belongs
 * to this user, and nobody else may change it.
 *
 * On Windows there are no owners or modes to look at: there the access list of the user's profile is what
 * keeps others out, and only links, kinds and sizes are checked.
 */
export type OwnFileRefusal = {
  ok: false;
  reason:
    | 'missing'
    | 'link'
    | 'not-a-file'
    | 'other-owner'
    | 'writable-by-others'
    | 'too-large'
    | 'unreadable';
  /** What is the matter, to go behind the file's name: "belongs to another user". */
  problem: string;
  cause?: unknown;
};

export type OpenedOwnFile = { ok: true; descriptor: number; size: number };

/** Whether opening is for reading, or for adding to the end. */
export type OwnFileUse = 'read' | 'append' | 'read-append';

const flagsOf: Record<OwnFileUse, number> = {
  read: constants.O_RDONLY,
  append: constants.O_WRONLY | constants.O_APPEND,
  'read-append': constants.O_RDWR | constants.O_APPEND,
};

// Neither exists on Windows. Without O_NONBLOCK, opening a FIFO waits for its other end.
const guards = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file that is there; the caller closes the descriptor. Never waits, follows no link at the end of
 * the path, and never throws.
 */
export function openOwnFile(
  path: string,
  {
    use = 'read',
    maxBytes = Number.POSITIVE_INFINITY,
  }: { use?: OwnFileUse; maxBytes?: number } = {},
): OpenedOwnFile | OwnFileRefusal {
  let descriptor: number | undefined;
  try {
    if (process.platform === 'win32' && lstatSync(path).isSymbolicLink()) return refusals.link;
    descriptor = openSync(path, flagsOf[use] | guards);
    const stats = fstatSync(descriptor);
    const refusal = refusalOf(stats, maxBytes);
    if (refusal === undefined) return { ok: true, descriptor, size: stats.size };
    closeSync(descriptor);
    return refusal;
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    return refusalOfError(error, path);
  }
}

/** The content of a file that is there, of at most `maxBytes`. Never throws. */
export function readOwnFile(
  path: string,
  { maxBytes }: { maxBytes: number },
): { ok: true; text: string; bytes: Buffer } | OwnFileRefusal {
  const opened = openOwnFile(path, { maxBytes });
  if (!opened.ok) return opened;
  try {
    const bytes = readBounded(opened.descriptor, maxBytes);
    return bytes === undefined
      ? tooLarge(maxBytes)
      : { ok: true, text: bytes.toString('utf8'), bytes };
  } catch (error) {
    return refusalOfError(error, path);
  } finally {
    closeSync(opened.descriptor);
  }
}

/** All that a descriptor gives from where it stands; undefined if that is more than `maxBytes`. */
export function readBounded(descriptor: number, maxBytes: number): Buffer | undefined {
  const pieces: Buffer[] = [];
  let length = 0;
  for (;;) {
    // A piece of its own each time, and no larger than what may still come.
    const piece = Buffer.allocUnsafe(Math.min(64 * 1024, maxBytes - length + 1));
    const read = readSync(descriptor, piece);
    if (read === 0) return Buffer.concat(pieces, length);
    length += read;
    if (length > maxBytes) return undefined;
    pieces.push(piece.subarray(0, read));
  }
}

/**
 * Creates a file for the user alone (0600 whatever the umask) and returns its descriptor, for writing at
 * the end. Throws what the file system answers: EEXIST where anything is there, be it a link to nowhere.
 */
export function createOwnFile(path: string): number {
  const descriptor = openSync(
    path,
    constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL | guards,
    0o600,
  );
  try {
    // A umask such as 0777 took bits away that are needed to read it again.
    fchmodSync(descriptor, 0o600);
  } catch {
    // File systems without modes.
  }
  return descriptor;
}

/** Opens a file to add to its end, and creates it where there is none. Never throws. */
export function appendToOwnFile(
  path: string,
  { use = 'append' }: { use?: 'append' | 'read-append' } = {},
): OpenedOwnFile | OwnFileRefusal {
  for (let round = 0; round < 3; round += 1) {
    const opened = openOwnFile(path, { use });
    if (opened.ok || opened.reason !== 'missing') return opened;
    try {
      return { ok: true, descriptor: createOwnFile(path), size: 0 };
    } catch (error) {
      // Another process was quicker, or a link leads to nowhere: look again.
      if (!hasCode(error, 'EEXIST')) return refusalOfError(error, path);
    }
  }
  return refusals.link;
}

/**
 * Writes a file as a whole, for the user alone: readers see the old content or the new. A link at its
 * place is replaced, not followed. Throws what the file system answers.
 */
export function replaceOwnFile(path: string, content: string | Buffer): void {
  makeFolder(dirname(path));
  const temporary = `${path}.${process.pid}.${process.hrtime.bigint()}.tmp`;
  try {
    const descriptor = createOwnFile(temporary);
    try {
      writeFileSync(descriptor, content);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Whether a folder is the user's own: made if it is missing (0700), no link, and nobody else may put
 * anything into it. Never throws.
 */
export function makeOwnFolder(path: string): boolean {
  try {
    makeFolder(dirname(path));
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) return false;
    }
    const stats = lstatSync(path);
    return stats.isDirectory() && isOwn(stats) && !isWritableByOthers(stats);
  } catch {
    return false;
  }
}

/** One sentence about a file that is not used: what is the matter, and the remedy. */
export function refusalSentence(path: string, { reason, problem }: OwnFileRefusal): string {
  return `${path} ${problem}: ${remedies[reason]}.`;
}

const remedies: Record<OwnFileRefusal['reason'], string> = {
  missing: 'check the name',
  link: 'put the file itself there, or remove the link',
  'not-a-file': 'move away what is there',
  'other-owner': 'move it away, or make it yours with chown if you trust what it holds',
  'writable-by-others': 'check what it holds, then take that right away with chmod go-w',
  'too-large': 'move it away',
  unreadable: 'check its permissions',
};

const refused = (reason: OwnFileRefusal['reason'], problem: string): OwnFileRefusal => ({
  ok: false,
  reason,
  problem,
});

const refusals = {
  link: refused('link', 'is a link'),
  notAFile: refused('not-a-file', 'is not a regular file'),
  otherOwner: refused('other-owner', 'belongs to another user'),
  writableByOthers: refused('writable-by-others', 'can be changed by other users'),
} as const;

function tooLarge(maxBytes: number): OwnFileRefusal {
  return refused('too-large', `is larger than ${megabytes(maxBytes)}`);
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} KB` : `${Math.ceil(bytes / 1_000_000)} MB`;
}

function refusalOf(stats: Stats, maxBytes: number): OwnFileRefusal | undefined {
  if (!stats.isFile()) return refusals.notAFile;
  if (!isOwn(stats)) return refusals.otherOwner;
  if (isWritableByOthers(stats)) return refusals.writableByOthers;
  return stats.size > maxBytes ? tooLarge(maxBytes) : undefined;
}

/** Whether a file belongs to the user this process acts as; true where the system knows no owners. */
export function isOwn({ uid }: Pick<Stats, 'uid'>): boolean {
  const user = process.geteuid?.();
  return user === undefined || uid === user;
}

/** Whether the modes let anybody but the owner write; false where the system knows no modes. */
export function isWritableByOthers({ mode }: Pick<Stats, 'mode'>): boolean {
  return process.platform !== 'win32' && (mode & 0o022) !== 0;
}

function refusalOfError(error: unknown, path: string): OwnFileRefusal {
  if (hasCode(error, 'ENOENT', 'ENOTDIR'))
    return { ...refused('missing', 'is not there'), cause: error };
  // What the systems answer to O_NOFOLLOW, and to a socket or a FIFO that nobody reads. A loop further up
  // in the path answers ELOOP too, which is a link as well.
  if (hasCode(error, 'ELOOP', 'EMLINK', 'EFTYPE')) return { ...refusals.link, cause: error };
  if (hasCode(error, 'ENXIO', 'EISDIR', 'ENODEV', 'EOPNOTSUPP')) {
    return { ...refusals.notAFile, cause: error };
  }
  const message = messageOf(error).replace(` '${path}'`, '');
  return { ...refused('unreadable', `cannot be opened (${message})`), cause: error };
}
