import { closeSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../domain/run-event.ts';
import {
  applyRunEvent,
  emptyRunState,
  isLive,
  liveForSeconds,
  type LiveRuns,
  type RunState,
} from '../../domain/run-state.ts';
import { createLineSplitter } from '../../files/lines.ts';
import { openOwnFile } from '../../files/own-file.ts';
import { statsOf } from '../../files/stats-of.ts';
import { readEventLine } from './event-guard.ts';
import { journalFile, longestEventLine, projectIdPattern } from './paths.ts';

/** A run whose journal is read. */
type Followed = { state: RunState; lines: ReturnType<typeof createLineSplitter> };

/** As little as can be: there may be thousands that were over before we looked. */
type Watched = {
  path: string;
  /** Bytes taken in so far. */
  offset: number;
  inode: number;
  /** Whether it had ended before we looked. */
  idle: boolean;
  /** Undefined until something of it is read. */
  followed: Followed | undefined;
};

/** Seconds between looks at runs that are over: one may be continued. */
const idleIntervalSeconds = 1;
/** Of many of them only a part is looked at each time, each at least at every so many looks. */
const looksForAll = 5;
const fewRuns = 100;

const block = 1024 * 1024;

/** Follows every journal in the runs folder, each from where it was last read. Never throws. */
export function watchLiveRuns({ directory }: { directory: string }): LiveRuns {
  const watched = new Map<string, Watched>();
  let listedAt = -1;
  let idleSeenAt = Number.NEGATIVE_INFINITY;
  let last: readonly RunState[] = [];
  let lookedUpTo = 0;

  /** Runs appear and disappear with the directory's own time stamp. */
  function list(): void {
    const changedAt = timeOf(directory);
    if (changedAt === listedAt) return;
    listedAt = changedAt;
    const names = new Set(namesIn(directory).filter((name) => projectIdPattern.test(name)));
    for (const name of watched.keys()) if (!names.has(name)) watched.delete(name);
    for (const name of names) {
      if (!watched.has(name)) watched.set(name, unread(join(directory, name, journalFile)));
    }
    idleSeenAt = Number.NEGATIVE_INFINITY;
  }

  return {
    read(now) {
      list();
      const lookAtIdle = Math.abs(now - idleSeenAt) >= idleIntervalSeconds;
      if (lookAtIdle) idleSeenAt = now;
      let changed = false;
      const part = Math.max(fewRuns, Math.ceil(watched.size / looksForAll));
      let index = 0;
      for (const [name, run] of watched) {
        const isDue = lookAtIdle && (index - lookedUpTo + watched.size) % watched.size < part;
        index += 1;
        const { state } = run.followed ?? {};
        const expected =
          state === undefined || state.startedAt === 0 ? !run.idle : isLive(state, now);
        if (isDue || expected) changed = advance(name, run, now) || changed;
      }
      if (lookAtIdle && watched.size > 0) lookedUpTo = (lookedUpTo + part) % watched.size;
      const live: RunState[] = [];
      for (const { followed } of watched.values()) {
        if (followed !== undefined && followed.state.startedAt > 0 && isLive(followed.state, now))
          live.push(followed.state);
      }
      live.sort((left, right) => right.startedAt - left.startedAt);
      const same =
        !changed && live.length === last.length && live.every((run, index) => run === last[index]);
      if (!same) last = live;
      return last;
    },
    close() {
      watched.clear();
      last = [];
    },
  };
}

const unread = (path: string): Watched => ({
  path,
  offset: 0,
  inode: 0,
  idle: false,
  followed: undefined,
});

function follow(projectId: string): Followed {
  const state = emptyRunState(projectId);
  const lines = createLineSplitter(longestEventLine, (line = '') => {
    const event = readEventLine(line);
    if (event !== undefined) applyRunEvent(state, withoutOutput(event));
  });
  return { state, lines };
}

/** Takes in what was appended; returns whether there was anything. */
function advance(name: string, run: Watched, now: number): boolean {
  const stat = statsOf(run.path);
  if (stat === undefined) return false;
  if (stat.size < run.offset || (run.inode !== 0 && stat.ino !== run.inode)) {
    Object.assign(run, unread(run.path));
  }
  if (stat.size === run.offset) return false;
  // What ended before we looked is of no interest until it goes on.
  run.idle = run.offset === 0 && now - stat.mtimeMs / 1000 > liveForSeconds;
  if (run.idle) return false;
  run.inode = stat.ino;
  return readNew(run, (run.followed ??= follow(name)), stat.size);
}

function readNew(run: Watched, { lines }: Followed, size: number): boolean {
  const before = run.offset;
  const opened = openOwnFile(run.path);
  // Gone, or not ours to read.
  if (!opened.ok) return false;
  const chunk = Buffer.allocUnsafe(Math.min(block, size - run.offset));
  try {
    while (run.offset < size) {
      const wanted = Math.min(chunk.length, size - run.offset);
      const length = readSync(opened.descriptor, chunk, 0, wanted, run.offset);
      if (length === 0) break;
      run.offset += length;
      lines.take(chunk.subarray(0, length));
    }
  } catch {
    // A disk that cannot be read now may be later.
  } finally {
    closeSync(opened.descriptor);
  }
  return run.offset > before;
}

/** Outputs stay on disk: those who watch show what runs, not what it wrote. */
function withoutOutput(event: RunEvent): RunEvent {
  if (event.type !== 'task-finished') return event;
  const { output: _, ...rest } = event;
  return rest;
}

function timeOf(path: string): number {
  return statsOf(path)?.mtimeMs ?? 0;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Not there yet.
    return [];
  }
}
