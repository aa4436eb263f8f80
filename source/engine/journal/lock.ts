import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as z from 'zod';
import { OrchestratorError } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { liveForSeconds } from '../../domain/run-state.ts';
import { journalFile, lockFile } from './paths.ts';

const holderSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started, in the kernel's words: tells it from another with the same id. */
  started: z.string().optional(),
});
type Holder = z.infer<typeof holderSchema>;

/**
 * Makes this process the only one that runs a project; returns how to let go. A lock whose process has
 * died is taken over.
 *
 * @throws OrchestratorError `run-in-progress`.
 */
export function lockRun(directory: string, projectId: string, now: () => number): () => void {
  const path = join(directory, lockFile);
  const own = JSON.stringify(thisProcess());
  const candidate = `${path}.${process.pid}.${process.hrtime.bigint()}`;
  writeFileSync(candidate, own, { mode: 0o600, flag: 'wx' });
  try {
    for (let round = 0; round < 3; round += 1) {
      if (linked(candidate, path)) return () => release(path, own);
      const found = textOf(path);
      const holder = found === undefined ? undefined : holderIn(found);
      if (holder !== undefined && isRunning(holder, directory, now)) break;
      if (found !== undefined) moveAway(path, `${candidate}.stale`, found);
    }
  } finally {
    rmSync(candidate, { force: true });
  }
  throw new OrchestratorError(
    'run-in-progress',
    `The run ${projectId} is in progress in another process: wait for its end, or stop that process first.`,
  );
}

/** A link fails where the name is taken, so that of several processes one gets it. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // File systems without links: an exclusive create is as good.
    return created(to, readFileSync(from, 'utf8'));
  }
}

function created(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes a stale lock, and nothing that another process has put in its place meanwhile. */
function moveAway(from: string, to: string, stale: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (textOf(to) !== stale) linked(to, from);
  rmSync(to, { force: true });
}

function release(path: string, own: string): void {
  if (textOf(path) === own) rmSync(path, { force: true });
}

function thisProcess(): Holder {
  const started = startOf(process.pid);
  return { pid: process.pid, host: hostname(), ...(started === undefined ? {} : { started }) };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Undefined for what we did not write: nobody holds it. */
function holderIn(text: string): Holder | undefined {
  try {
    const read = holderSchema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(holder: Holder, directory: string, now: () => number): boolean {
  // Of another machine nothing is known but whether its journal still grows.
  if (holder.host !== hostname()) return isWritten(directory, now);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if (!hasCode(error, 'EPERM')) return false;
  }
  const started = startOf(holder.pid);
  if (holder.started === undefined || started === undefined) return isWritten(directory, now);
  return holder.started === started;
}

function isWritten(directory: string, now: () => number): boolean {
  try {
    const { mtimeMs } = statSync(join(directory, journalFile));
    return now() - mtimeMs / 1000 < liveForSeconds;
  } catch {
    // No journal yet: nothing is known to be running.
    return false;
  }
}

/** The start time of a process in clock ticks since boot, where the system tells (Linux). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it is in parentheses and may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
