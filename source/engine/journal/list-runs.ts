import { join } from 'node:path';
import type { RunOverview } from '../../domain/run-report.ts';
import { statsOf } from '../../files/stats-of.ts';
import { journalFile, projectIdsIn } from './paths.ts';
import { overviewOf } from './run-overview.ts';

/**
 * The runs whose journals lie in a folder: those that run on top, then the newest first. Of each journal
 * its end is read, and its beginning only where the end does not say enough; nothing in it is trusted.
 * Never throws; folders without a journal of this user are passed over.
 */
export function listRuns(options: {
  directory: string;
  /** Unix seconds. */
  now: number;
  /** The most that are wanted; absent: all. */
  limit?: number;
  /** What was found before: a journal that has not changed since is not opened. */
  known?: KnownRuns;
}): RunOverview[] {
  const { directory, now, limit = Number.POSITIVE_INFINITY, known } = options;
  const journals = projectIdsIn(directory)
    .flatMap((name) => {
      const path = join(directory, name, journalFile);
      // Where all are listed, opening each gives the same.
      if (!Number.isFinite(limit)) return [{ name, path, changedAt: now }];
      const changedAt = statsOf(path)?.mtimeMs;
      return changedAt === undefined ? [] : [{ name, path, changedAt: changedAt / 1000 }];
    })
    .toSorted((left, right) => right.changedAt - left.changedAt);
  let found: RunOverview[] = [];
  let oldestWanted = Number.NEGATIVE_INFINITY;
  for (const { name, path, changedAt } of journals) {
    // No run began after its journal was last written to: the others are all older than those found.
    if (changedAt <= oldestWanted) break;
    const run =
      known === undefined ? overviewOf(name, path, now) : knownOverview(known, name, path, now);
    if (run === undefined) continue;
    found.push(run);
    if (found.length < 2 * limit) continue;
    found = found.toSorted(newestFirst).slice(0, limit);
    oldestWanted = found.at(-1)?.startedAt ?? oldestWanted;
  }
  return found.toSorted(newestFirst).slice(0, limit);
}

/** Runs that are over, or whose process is gone, by the journals that said so. */
type KnownRuns = Map<string, { inode: number; size: number; changedAt: number; run: RunOverview }>;

function knownOverview(
  known: KnownRuns,
  name: string,
  path: string,
  now: number,
): RunOverview | undefined {
  const stat = statsOf(path);
  if (stat === undefined) return undefined;
  const before = known.get(name);
  // The time of a change of any kind: also of whose file it is, and of who may write it.
  const { ino: inode, size, ctimeMs: changedAt } = stat;
  if (before?.inode === inode && before.size === size && before.changedAt === changedAt) {
    return before.run;
  }
  const run = overviewOf(name, path, now);
  known.delete(name);
  // Whether one is running is a matter of the time.
  if (run !== undefined && run.status !== 'running')
    known.set(name, { inode, size, changedAt, run });
  return run;
}

/** The runs of a folder, for repeated reads: runs that are over are cached. */
export function createRunList({ directory }: { directory: string }): {
  /** All of them, the same list while nothing changes; what was made ready is taken, once, as it was found. */
  list: (now: number) => RunOverview[];
  /** Looks at so many more journals, so that a list of thousands keeps nothing waiting; whether that were all. */
  prepare: (now: number, count: number) => boolean;
} {
  const known: KnownRuns = new Map();
  let pending: string[] | undefined;
  let found: RunOverview[] = [];
  let last: RunOverview[] = [];
  return {
    list(now) {
      const isReady = pending?.length === 0;
      pending = undefined;
      const runs = isReady ? found.toSorted(newestFirst) : listRuns({ directory, now, known });
      const isSame = runs.length === last.length && runs.every((run, at) => run === last[at]);
      if (!isSame) last = runs;
      return last;
    },
    prepare(now, count) {
      if (pending === undefined || pending.length === 0) {
        pending = projectIdsIn(directory);
        found = [];
      }
      for (const name of pending.splice(-count)) {
        const run = knownOverview(known, name, join(directory, name, journalFile), now);
        if (run !== undefined) found.push(run);
      }
      return pending.length === 0;
    },
  };
}

/** The order of lists of runs. */
export function newestFirst(left: RunOverview, right: RunOverview): number {
  const running = Number(right.status === 'running') - Number(left.status === 'running');
  if (running !== 0) return running;
  return right.startedAt - left.startedAt || (left.projectId < right.projectId ? -1 : 1);
}
