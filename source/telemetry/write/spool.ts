import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { hasCode } from '../../files/error-code.ts';
import { decodeBatch, encodeBatch } from './batch-line.ts';
import type { Batch } from './rows.ts';

/**
 * Where batches wait while the database cannot be written: append-only files of which each has one
 * thread that writes it, one batch per line. A line without its end was cut short, and its batch never
 * acknowledged.
 */
export type Spool = {
  /** Keeps the batch; throws when no folder takes it. */
  append(batch: Batch): void;
  /**
   * Hands on every batch that waits for this database, from any writer; files whose writer is gone, and
   * this one's own, are removed once all their batches are taken. Throws what `take` throws, and then
   * nothing of that file is removed.
   */
  drain(take: (batch: Batch) => void): void;
  /** Whether any batch waits for this database. */
  waiting(): boolean;
};

export function openSpool({
  path,
  writer,
  thread,
  fallbackDirectory = tmpdir(),
}: {
  path: string;
  writer: string;
  thread: 'worker' | 'caller';
  fallbackDirectory?: string;
}): Spool {
  const absolute = resolve(path);
  // Beside the database its own name says whose it is; in a shared folder the path must.
  const digest = createHash('sha256').update(absolute).digest('hex').slice(0, 16);
  const places = [
    { directory: dirname(absolute), prefix: `${basename(absolute)}.spool-` },
    { directory: fallbackDirectory, prefix: `orchestrator-telemetry-${digest}.spool-` },
  ];
  const ownSuffix = `${process.pid}-${writer}-${thread}.jsonl`;
  /** Sizes of files that have to stay, as of when all their batches were taken. */
  const taken = new Map<string, number>();

  const files = (): { file: string; owner: number; own: boolean }[] =>
    places.flatMap(({ directory, prefix }) =>
      namesIn(directory)
        .filter((name) => name.startsWith(prefix) && name.endsWith('.jsonl'))
        .map((name) => {
          const suffix = name.slice(prefix.length);
          return {
            file: join(directory, name),
            owner: Number.parseInt(suffix, 10),
            own: suffix === ownSuffix,
          };
        }),
    );

  return {
    append(batch) {
      // Begins with the end of a line: an earlier write may have failed half way.
      const line = `\n${encodeBatch(batch)}\n`;
      let failure: unknown;
      for (const { directory, prefix } of places) {
        const file = join(directory, prefix + ownSuffix);
        try {
          appendFileSync(file, line, { mode: 0o600 });
          return;
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
    },
    drain(take) {
      for (const { file, owner, own } of files()) {
        if (taken.get(file) === sizeOf(file)) continue;
        const text = readIfThere(file);
        if (text === undefined) continue;
        for (const line of text.split('\n')) {
          const { batch } = decodeBatch(line);
          if (batch !== undefined) take(batch);
        }
        // A living writer may be adding to its file right now; what was taken counts once anyway.
        if (own || !isAlive(owner)) removeUnlessGrown(file, text);
        taken.set(file, Buffer.byteLength(text));
      }
    },
    waiting: () => files().some(({ file }) => taken.get(file) !== sizeOf(file)),
  };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM', 'ENOTDIR')) return [];
    throw error;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Another process was quicker, or the file is another user's.
    if (hasCode(error, 'ENOENT', 'EACCES', 'EPERM')) return undefined;
    throw error;
  }
}

function removeUnlessGrown(file: string, text: string): void {
  if (sizeOf(file) !== Buffer.byteLength(text)) return;
  try {
    rmSync(file, { force: true });
  } catch {
    // A folder that forbids removal: batch ids keep what stays from counting twice.
    try {
      writeFileSync(file, '');
    } catch {
      return;
    }
  }
}

function sizeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
