import { closeSync, readdirSync, readSync, statSync } from 'node:fs';
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
import { readEventLine } from './event-guard.ts';
import { journalFile, longestEventLine, projectIdPattern } from './paths.ts';

type Watched = {
  path: string;
  state: RunState;
  /** Bytes taken in so far. */
  offset: number;
  lines: ReturnType<typeof createLineSplitter>;
  inode: number;
  /** Whether it had ended before we looked. */
  idle: boolean;
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
      if (!watched.has(name)) watched.set(name, fresh(name, join(directory, name, journalFile)));
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
        const expected = isLive(run.state, now) || (run.state.startedAt === 0 && !run.idle);
        if (isDue || expected) changed = advance(name, run, now) || changed;
      }
      if (lookAtIdle && watched.size > 0) lookedUpTo = (lookedUpTo + part) % watched.size;
      const live = [...watched.values()]
        .map(({ state }) => state)
        .filter((state) => state.startedAt > 0 && isLive(state, now))
        .toSorted((left, right) => right.startedAt - left.startedAt);
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

function fresh(projectId: string, path: string): Watched {
  const state = emptyRunState(projectId);
  const lines = createLineSplitter(longestEventLine, (line = '') => {
    const event = readEventLine(line);
    if (event !== undefined) applyRunEvent(state, withoutOutput(event));
  });
  return { path, state, offset: 0, lines, inode: 0, idle: false };
}

/** Takes in what was appended; returns whether there was anything. */
function advance(name: string, run: Watched, now: number): boolean {
  const stat = statSync(run.path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (stat.size < run.offset || (run.inode !== 0 && stat.ino !== run.inode)) {
    Object.assign(run, fresh(name, run.path));
  }
  if (stat.size === run.offset) return false;
  // What ended before we looked is of no interest until it goes on.
  run.idle = run.offset === 0 && now - stat.mtimeMs / 1000 > liveForSeconds;
  if (run.idle) return false;
  run.inode = stat.ino;
  return readNew(run, stat.size);
}

function readNew(run: Watched, size: number): boolean {
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
      run.lines.take(chunk.subarray(0, length));
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
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Not there yet.
    return [];
  }
}
