import { closeSync, readSync } from 'node:fs';
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
import { createByteLineSplitter } from '../../files/lines.ts';
import { openOwnFile } from '../../files/own-file.ts';
import { statsOf } from '../../files/stats-of.ts';
import { readEventLine } from './event-guard.ts';
import { journalFile, longestEventLine, projectIdsIn } from './paths.ts';
import { withoutText } from './texts.ts';

/** A run whose journal is read. */
type Followed = { state: RunState; lines: ReturnType<typeof createByteLineSplitter> };

/** As little as can be: there may be thousands that were over before we looked. */
type Watched = {
  name: string;
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
  /** Those of which something is expected; of the others a part is looked at now and then. */
  const active = new Set<Watched>();
  let listedAt = -1;
  let idleSeenAt = Number.NEGATIVE_INFINITY;
  let last: readonly RunState[] = [];
  let lookedUpTo = 0;

  /** Runs appear and disappear with the directory's own time stamp. */
  function list(): void {
    const changedAt = statsOf(directory)?.mtimeMs ?? 0;
    if (changedAt === listedAt) return;
    listedAt = changedAt;
    const names = new Set(projectIdsIn(directory));
    for (const [name, run] of watched) {
      if (names.has(name)) continue;
      watched.delete(name);
      active.delete(run);
    }
    for (const name of names) {
      if (watched.has(name)) continue;
      const run = unread(name, join(directory, name, journalFile));
      watched.set(name, run);
      active.add(run);
    }
    idleSeenAt = Number.NEGATIVE_INFINITY;
  }

  /** The next part of all, once a second. */
  function due(now: number): readonly Watched[] {
    if (Math.abs(now - idleSeenAt) < idleIntervalSeconds) return [];
    idleSeenAt = now;
    const all = [...watched.values()];
    const part = Math.min(all.length, Math.max(fewRuns, Math.ceil(all.length / looksForAll)));
    const from = all.length === 0 ? 0 : lookedUpTo % all.length;
    lookedUpTo = from + part;
    return [...all.slice(from, lookedUpTo), ...all.slice(0, Math.max(0, lookedUpTo - all.length))];
  }

  return {
    read(now) {
      list();
      let changed = false;
      for (const run of due(now)) {
        changed = advance(run, now) || changed;
        if (isExpected(run, now)) active.add(run);
      }
      const live: RunState[] = [];
      for (const run of active) {
        if (isExpected(run, now)) changed = advance(run, now) || changed;
        const { state } = run.followed ?? {};
        if (isExpected(run, now)) {
          if (state !== undefined && state.startedAt > 0) live.push(state);
          continue;
        }
        active.delete(run);
        // Thousands may end while the screen is open. One that goes on is read anew.
        run.followed = undefined;
        run.idle = true;
      }
      live.sort((left, right) => right.startedAt - left.startedAt);
      const same =
        !changed && live.length === last.length && live.every((run, index) => run === last[index]);
      if (!same) last = live;
      return last;
    },
    close() {
      watched.clear();
      active.clear();
      last = [];
    },
  };
}

const unread = (name: string, path: string): Watched => ({
  name,
  path,
  offset: 0,
  inode: 0,
  idle: false,
  followed: undefined,
});

/** Whether a run speaks, or may have begun and not said so yet. */
function isExpected({ followed, idle }: Watched, now: number): boolean {
  const { state } = followed ?? {};
  return state === undefined || state.startedAt === 0 ? !idle : isLive(state, now);
}

function follow(projectId: string): Followed {
  const state = emptyRunState(projectId);
  const lines = createByteLineSplitter(longestEventLine, (line) => {
    // What was written stays on disk: those who watch show what runs.
    const event = line && readEventLine(withoutText(line).rest);
    if (event !== undefined) applyRunEvent(state, withoutOutput(event));
  });
  return { state, lines };
}

/** Takes in what was appended; returns whether there was anything. */
function advance(run: Watched, now: number): boolean {
  const stat = statsOf(run.path);
  if (stat === undefined) return false;
  const isAnother = stat.size < run.offset || (run.inode !== 0 && stat.ino !== run.inode);
  if (stat.size === run.offset && !isAnother) return false;
  if (isAnother || run.followed === undefined) Object.assign(run, unread(run.name, run.path));
  // What ended before we looked is of no interest until it goes on.
  run.idle = run.offset === 0 && now - stat.mtimeMs / 1000 > liveForSeconds;
  if (run.idle) return false;
  run.inode = stat.ino;
  return readNew(run, (run.followed ??= follow(run.name)), stat.size);
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
