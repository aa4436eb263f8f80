import { closeSync, linkSync, lstatSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { liveForSeconds } from '../../domain/run-state.ts';
import { hasCode } from '../../files/error-code.ts';
import { createOwnFile, readOwnFile } from '../../files/own-file.ts';
import { journalFile, lockFile } from './paths.ts';
import { isSamePlace, placeOf, startOf } from './process-place.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started, in the kernel's words: distinguishes it from another with the same id. */
  started: z.string().exactOptional(),
  /** Where its id means anything; see {@link placeOf}. */
  boot: z.string().exactOptional(),
  pids: z.string().exactOptional(),
});
type Holder = z.infer<typeof holderSchema>;

/** More than any lock of ours holds. */
const largestLock = 4096;

export type RunLock = {
  /** Whether it is still this process that runs the project: a lock that seemed dead may be taken over. */
  isHeld(): boolean;
  release(): void;
};

/**
 * Makes this process the only one that runs a project. A lock whose process has died is taken over; of a
 * process on another machine or in another container nothing can be seen but its heartbeat.
 *
 * @throws OrchestratorError `run-in-progress`.
 */
export function lockRun(directory: string, projectId: string, now: () => number): RunLock {
  const path = join(directory, lockFile);
  const own = JSON.stringify(thisProcess());
  const candidate = `${path}.${process.pid}.${process.hrtime.bigint()}`;
  write(candidate, own);
  try {
    for (let round = 0; round < 3; round += 1) {
      if (linked(candidate, path, own)) {
        return { isHeld: watchHolder(path, own), release: () => release(path, own) };
      }
      const found = textOf(path);
      const holder = found === undefined ? undefined : holderIn(found);
      if (holder !== undefined && isRunning(holder, directory, now)) break;
      moveAway(path, { to: `${candidate}.stale`, stale: found });
    }
  } finally {
    rmSync(candidate, { force: true });
  }
  throw new OrchestratorError(
    'run-in-progress',
    `The run ${projectId} is in progress in another process: wait for its end, or stop that process first.`,
  );
}

/**
 * Asked before every call, so the file is read again only where it is another one or was changed since it
 * was found to be ours.
 */
function watchHolder(path: string, own: string): () => boolean {
  let found: string | undefined;
  return () => {
    const version = versionOf(path);
    if (version !== undefined && version === found) return true;
    const isOurs = textOf(path) === own;
    found = isOurs ? version : undefined;
    return isOurs;
  };
}

/** Which file it is, and its last change; undefined where there is none. */
function versionOf(path: string): string | undefined {
  try {
    const { dev, ino, size, mode, ctimeMs, mtimeMs } = lstatSync(path);
    return [dev, ino, size, mode, ctimeMs, mtimeMs].join(' ');
  } catch {
    return undefined;
  }
}

function write(path: string, content: string): void {
  const file = createOwnFile(path);
  try {
    writeSync(file, content);
  } finally {
    closeSync(file);
  }
}

/** A link fails where the name is taken, so that of several processes one gets it. */
function linked(from: string, to: string, content: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // File systems without links: an exclusive create is as good.
    return created(to, content);
  }
}

function created(path: string, content: string): boolean {
  try {
    write(path, content);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a stale lock, and nothing that another process has put in its place meanwhile. */
function moveAway(from: string, { to, stale }: { to: string; stale: string | undefined }): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const moved = textOf(to);
  if (moved !== undefined && moved !== stale) linked(to, from, moved);
  rmSync(to, { force: true, recursive: true });
}

function release(path: string, own: string): void {
  if (textOf(path) === own) rmSync(path, { force: true });
}

function thisProcess(): Holder {
  const started = startOf(process.pid);
  return {
    pid: process.pid,
    host: hostname(),
    ...placeOf(),
    ...defined({ started }),
  };
}

/** Undefined where there is none, or something that no process of ours has put there. */
function textOf(path: string): string | undefined {
  const read = readOwnFile(path, { maxBytes: largestLock });
  return read.ok ? read.text : undefined;
}

/** Undefined for a file that we did not write: it locks nothing. */
const holderIn = (text: string): Holder | undefined => holderSchema.safeParse(parseJson(text)).data;

function isRunning(holder: Holder, directory: string, now: () => number): boolean {
  if (holder.host !== hostname() || !isSamePlace(holder)) return isFresh(directory, now);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const started = startOf(holder.pid);
  if (holder.started === undefined || started === undefined) return isFresh(directory, now);
  return holder.started === started;
}

/** Whether the run is recent: by its journal, or by a lock from before there was one. */
function isFresh(directory: string, now: () => number): boolean {
  return [journalFile, lockFile].some((name) => {
    const stats = lstatSync(join(directory, name), { throwIfNoEntry: false });
    return stats !== undefined && now() - stats.mtimeMs / 1000 < liveForSeconds;
  });
}
