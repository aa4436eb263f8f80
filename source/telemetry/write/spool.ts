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
import { hasCode } from '../database/file.ts';
import { decodeBatch, encodeBatch } from './batch-line.ts';
import type { Batch } from './rows.ts';

/**
 * Where batches wait while the database cannot be written: one append-only file per writer, one batch
 * per line. A line without its end was cut short and never acknowledged.
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
  fallbackDirectory = tmpdir(),
}: {
  path: string;
  writer: string;
  fallbackDirectory?: string;
}): Spool {
  const absolute = resolve(path);
  // Beside the database its own name says whose it is; in a shared folder the path must.
  const digest = createHash('sha256').update(absolute).digest('hex').slice(0, 16);
  const places = [
    { directory: dirname(absolute), prefix: `${basename(absolute)}.spool-` },
    { directory: fallbackDirectory, prefix: `orchestrator-telemetry-${digest}.spool-` },
  ];
  const ownSuffix = `${process.pid}-${writer}.jsonl`;
  /** A write that failed half way leaves a line without an end; the next one must not continue it. */
  const torn = new Set<string>();

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
      const line = `${encodeBatch(batch)}\n`;
      let failure: unknown;
      for (const { directory, prefix } of places) {
        const file = join(directory, prefix + ownSuffix);
        try {
          appendFileSync(file, torn.has(file) ? `\n${line}` : line, { mode: 0o600 });
          torn.delete(file);
          return;
        } catch (error) {
          if (statSync(file, { throwIfNoEntry: false }) !== undefined) torn.add(file);
          failure = error;
        }
      }
      throw failure;
    },
    drain(take) {
      for (const { file, owner, own } of files()) {
        const text = readIfThere(file);
        if (text === undefined) continue;
        for (const line of text.split('\n')) {
          const batch = decodeBatch(line);
          if (batch !== undefined) take(batch);
        }
        // A living writer may be adding to its file right now; what was taken counts once anyway.
        if (own || !isAlive(owner)) removeUnlessGrown(file, text);
      }
    },
    waiting: () => files().length > 0,
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
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.size !== Buffer.byteLength(text)) return;
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

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
