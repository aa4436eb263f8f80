import { closeSync, fstatSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../files/cache-folder.ts';
import { hasCode } from '../../files/error-code.ts';
import { completeLines } from '../../files/lines.ts';
import {
  appendToOwnFile,
  isOwn,
  isWritableByOthers,
  makeOwnFolder,
  openOwnFile,
  refusalSentence,
} from '../../files/own-file.ts';
import { statsOf } from '../../files/stats-of.ts';
import { knownPlaces } from '../address/installation.ts';
import { digestOfServer, isServerAddress, serverAddress } from '../address/server-address.ts';
import { decodeBatch, encodeBatch } from './batch-line.ts';
import type { Batch } from '../database/columns.ts';

/** Bytes; no batch of ours comes near it. */
const longestLine = 64 * 1024 * 1024;
/** Batches of a spool that are written in one transaction, unless told otherwise. */
const mostTogether = 8;

/**
 * Where batches wait while the database cannot be written: append-only files of which each has one
 * thread that writes it, one batch per line. A line without its end was cut short, and its batch never
 * acknowledged. They lie in folders into which nobody else can put anything, and are read as what they
 * are: files that somebody may have changed.
 */
export type Spool = {
  /** Keeps the batch; throws when no folder takes it. */
  append(batch: Batch): void;
  /**
   * Hands on the batches that wait for this database, from any writer, until `isEnough` says so: then there
   * may be more. What was handed on is taken once the next is asked for, and else handed on again. Files
   * whose writer is gone, and this one's own, are removed once all their batches are taken.
   */
  waiting(options: DrainOptions): Generator<readonly Batch[], void, void>;
};

/** A file in which records wait, or in which lie those that could not be true. */
export type WaitingRecords = { file: string; bytes: number; refused: boolean };

/** Of all writers of this database; nothing is opened or changed. */
export function waitingRecords(
  path: string,
  fallbackDirectory: string = join(cacheFolder(process.env), 'spool'),
): WaitingRecords[] {
  return placesOf(path, fallbackDirectory).flatMap(({ directory, prefix }) =>
    namesIn(directory).flatMap((name) => {
      const refused = name.startsWith(refusedPrefix(prefix));
      if (!(refused || name.startsWith(prefix)) || !name.endsWith('.jsonl')) return [];
      const file = join(directory, name);
      return [{ file, bytes: sizeOf(file) ?? 0, refused }];
    }),
  );
}

const refusedPrefix = (prefix: string): string => prefix.replace(/spool-$/, 'refused-');

export type DrainOptions = {
  isEnough: () => boolean;
  /** How many batches are handed on together at most. */
  together?: number;
  /** Hears how many records could not be true, and where they are now. */
  onRefused: (records: number, file: string) => void;
  /** Hears, in one sentence, of a file that is not used at all. */
  onUntrusted: (message: string) => void;
};

type Place = {
  directory: string;
  prefix: string;
  /** Makes the folder where it is ours to make; whether nobody else can put anything into it. */
  prepare: () => boolean;
};

/** How far a file was taken, in bytes, of how many; and how many of its records were refused. */
type Progress = { offset: number; size: number; refused: number };

type SpoolFile = { file: string; owner: number; own: boolean; refusedName: string };

export function openSpool({
  path,
  writer,
  thread,
  fallbackDirectory = join(cacheFolder(process.env), 'spool'),
}: {
  path: string;
  writer: string;
  thread: 'worker' | 'caller';
  /** A folder of the user's own, for where the one of the database cannot be written, or others can. */
  fallbackDirectory?: string;
}): Spool {
  const places = placesOf(path, fallbackDirectory);
  const ownSuffix = `${process.pid}-${writer}-${thread}.jsonl`;
  const progress = new Map<string, Progress>();

  const files = (onUntrusted: (message: string) => void): SpoolFile[] =>
    places.flatMap(({ directory, prefix }) => {
      const names = namesIn(directory).filter(
        (name) => name.startsWith(prefix) && name.endsWith('.jsonl'),
      );
      if (names.length > 0 && !isOwnFolder(directory)) {
        onUntrusted(
          `Records that wait in ${directory} are not read, because other users can put files there: take that right away with chmod go-w.`,
        );
        return [];
      }
      return names.map((name) => {
        const suffix = name.slice(prefix.length);
        return {
          file: join(directory, name),
          owner: Number.parseInt(suffix, 10),
          own: suffix === ownSuffix,
          refusedName: join(directory, `${refusedPrefix(prefix)}${suffix}`),
        };
      });
    });

  const waiting = function* (options: DrainOptions): Generator<readonly Batch[], void, void> {
    for (const { file, owner, own, refusedName } of files(options.onUntrusted)) {
      const taken = progress.get(file) ?? { offset: 0, size: -1, refused: 0 };
      if (taken.size === sizeOf(file)) continue;
      progress.set(file, taken);
      const isDone = yield* drainFile(file, taken, options);
      if (isDone === undefined) continue;
      if (!isDone) return;
      // A living writer may be adding to its file right now; what was taken counts once anyway.
      if (own || !isAlive(owner)) {
        finish(file, taken, refusedName, options);
        if (sizeOf(file) === undefined) progress.delete(file);
      }
    }
  };

  return {
    append(batch) {
      // Begins with the end of a line: an earlier write may have failed half way.
      const line = `\n${encodeBatch(batch)}\n`;
      let failure: unknown = new Error('no folder of your own takes it');
      for (const { directory, prefix, prepare } of places) {
        if (!prepare()) continue;
        try {
          appendLine(join(directory, prefix + ownSuffix), line);
          return;
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
    waiting,
  };
}

function placesOf(database: string, fallbackDirectory: string): Place[] {
  const common = (digest: string): Place => ({
    directory: fallbackDirectory,
    prefix: `orchestrator-telemetry-${digest}.spool-`,
    prepare: () => makeOwnFolder(fallbackDirectory),
  });
  if (isServerAddress(database)) {
    // What waits for the same history under another address is written to it as well: no server but one
    // that was compared takes anything.
    const here = digestOfServer(serverAddress(database));
    return [...new Set([here, ...knownPlaces(process.env)])].map(common);
  }
  const path = resolve(database);
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 16);
  const beside = dirname(path);
  return [
    // Beside the database its own name says whose it is; in the common folder the path must.
    {
      directory: beside,
      prefix: `${basename(path)}.spool-`,
      prepare: () => isOwnFolder(beside),
    },
    common(digest),
  ];
}

function isOwnFolder(directory: string): boolean {
  const stats = statsOf(directory);
  return stats?.isDirectory() === true && isOwn(stats) && !isWritableByOthers(stats);
}

function appendLine(file: string, line: string): void {
  const opened = appendToOwnFile(file);
  if (!opened.ok) throw opened.cause ?? new Error(`${file} ${opened.problem}`);
  try {
    writeFileSync(opened.descriptor, line);
  } finally {
    closeSync(opened.descriptor);
  }
}

/** Whether all complete lines are taken; undefined of a file that is not used. */
function* drainFile(
  file: string,
  taken: Progress,
  options: DrainOptions,
): Generator<readonly Batch[], boolean | undefined, void> {
  const opened = openOwnFile(file);
  if (!opened.ok) {
    // Missing: another process was quicker.
    if (opened.reason !== 'missing') options.onUntrusted(refusalSentence(file, opened));
    return undefined;
  }
  try {
    let batches: Batch[] = [];
    let refused = 0;
    const takeUpTo = function* (end: number): Generator<readonly Batch[], void, void> {
      if (batches.length > 0) yield batches;
      taken.offset = end;
      taken.refused += refused;
      batches = [];
      refused = 0;
    };
    let reached = taken.offset;
    for (const { text, end } of completeLines(opened.descriptor, taken.offset, longestLine)) {
      const decoded = text === undefined ? { refused: 1 } : decodeBatch(text);
      refused += decoded.refused;
      if (decoded.batch !== undefined) batches.push(decoded.batch);
      reached = end;
      if (batches.length < (options.together ?? mostTogether)) continue;
      yield* takeUpTo(reached);
      if (options.isEnough()) return false;
    }
    yield* takeUpTo(reached);
    taken.size = fstatSync(opened.descriptor).size;
    return true;
  } finally {
    closeSync(opened.descriptor);
  }
}

/** Removes a file whose batches are all taken; one with refused records is kept under another name. */
function finish(file: string, taken: Progress, refusedName: string, options: DrainOptions): void {
  if (sizeOf(file) !== taken.size) return;
  try {
    if (taken.refused === 0) rmSync(file, { force: true });
    else renameSync(file, refusedName);
  } catch {
    // A folder that forbids removal: batch ids keep what stays from counting twice.
    return;
  }
  if (taken.refused > 0) options.onRefused(taken.refused, refusedName);
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ENOTDIR', 'ENAMETOOLONG')) return [];
    throw error;
  }
}

const sizeOf = (file: string): number | undefined => statsOf(file)?.size;

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
