import { closeSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { averageOf, modelsOf, projectLine, type RunDigest } from '../../domain/run-digest.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import type { RunOverview, RunStanding } from '../../domain/run-report.ts';
import { liveForSeconds } from '../../domain/run-state.ts';
import { openOwnFile } from '../../files/own-file.ts';
import { statsOf } from '../../files/stats-of.ts';
import { isRunDigest, readEventLine } from './event-guard.ts';
import { journalFile, projectIdPattern } from './paths.ts';

/** Of a journal that says at its end how its run is, more need not be read. */
const shortTail = 4096;
/** Of one that does not, of an older version or in the middle of a long answer: no more than this. */
const longTail = 512 * 1024;
/** Bytes read of the beginning, and of an end without a digest. */
const head = 16 * 1024;

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
  const journals = namesIn(directory)
    .filter((name) => projectIdPattern.test(name))
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
        pending = namesIn(directory).filter((name) => projectIdPattern.test(name));
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

/** One run as a list shows it; undefined where there is none that can be read. */
export function overviewOf(projectId: string, path: string, now: number): RunOverview | undefined {
  const opened = openOwnFile(path);
  if (!opened.ok) return undefined;
  const { descriptor, size } = opened;
  try {
    const said = fromEnd(projectId, lastDigest(descriptor, size), now);
    if (said !== undefined) return said;
    const read = (from: number, length: number): string => {
      const block = Buffer.allocUnsafe(Math.min(length, size - from));
      return block.toString('utf8', 0, readSync(descriptor, block, 0, block.length, from));
    };
    const tail = (length: number): string => read(Math.max(0, size - length), length);
    const start = read(0, head);
    const ended = fromOuterLines(projectId, start, tail(head));
    if (ended !== undefined) return ended;
    const end = tail(longTail);
    return (
      fromEnd(projectId, end, now) ??
      fromBothEnds(projectId, { start, end, isWhole: size <= longTail, now })
    );
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

const lastBytes = Buffer.allocUnsafe(shortTail);

/** The end of a journal from its last digest on, where a line that is complete has one. */
function lastDigest(descriptor: number, size: number): string {
  const length = readSync(descriptor, lastBytes, 0, shortTail, Math.max(0, size - shortTail));
  const bytes = lastBytes.subarray(0, length);
  const end = bytes.lastIndexOf(0x0a);
  const from = bytes.subarray(0, Math.max(0, end)).lastIndexOf(digestMark);
  return from === -1 ? '' : bytes.toString('utf8', from);
}

/** From the last digest in the end of a journal, where there is one that was written lately. */
function fromEnd(projectId: string, end: string, now: number): RunOverview | undefined {
  const lines = completeLines(end);
  // The digest of a long list of results may be all that is in sight of its line.
  const position = lines.findLastIndex((line) => line.includes(digestMark));
  const line = lines[position];
  const said = line === undefined ? undefined : digestIn(line);
  const last = lines.at(-1);
  if (said === undefined || last === undefined) return undefined;
  const { digest, status } = said;
  const later = lines.slice(position + 1);
  // An older version has gone on with it.
  if (later.some((text) => text.includes('"type":"run-finished"'))) return undefined;
  return {
    projectId,
    ...digest,
    status:
      status !== undefined && later.length === 0
        ? status
        : standingAt(timeOf(last) ?? said.at, now),
  };
}

const digestMark = '"digest":{';
const statuses: readonly string[] = [
  'success',
  'partial',
  'budget-exhausted',
  'timeout',
  'failed',
] satisfies RunEventOf<'run-finished'>['status'][];

function digestIn(
  line: string,
):
  | { digest: RunDigest; at: number; status: RunEventOf<'run-finished'>['status'] | undefined }
  | undefined {
  // Within a text, the quotes of the mark would be escaped.
  const value = parsed(`{${line.slice(line.lastIndexOf(digestMark))}`);
  if (value === undefined || !('digest' in value) || !isRunDigest(value.digest)) return undefined;
  const at = 'at' in value && typeof value.at === 'number' ? value.at : 0;
  const status = 'status' in value ? value.status : undefined;
  return { digest: value.digest, at, status: isStatus(status) ? status : undefined };
}

const isStatus = (value: unknown): value is RunEventOf<'run-finished'>['status'] =>
  typeof value === 'string' && statuses.includes(value);

const standingAt = (at: number, now: number): RunStanding =>
  now - at < liveForSeconds ? 'running' : 'interrupted';

/** The time of a line of which perhaps only the end is in sight. */
function timeOf(line: string): number | undefined {
  const [, at] = /"at":(\d+(?:\.\d+)?)\}\s*$/.exec(line.slice(-64)) ?? [];
  return at === undefined ? undefined : Number(at);
}

/** A run that an older version wrote and that is over: from its first line and its last. */
function fromOuterLines(projectId: string, start: string, end: string): RunOverview | undefined {
  const [started] = eventsIn(start.slice(0, start.indexOf('\n') + 1));
  const finished = readEventLine(completeLines(end).at(-1) ?? '');
  if (started?.type !== 'run-started' || finished?.type !== 'run-finished') return undefined;
  const { status, spentUsd, results } = finished;
  return {
    projectId,
    project: projectLine(started.project),
    startedAt: started.at,
    tasks: results.length,
    averageQuality: averageOf(results),
    spentUsd,
    budgetUsd: started.budgetUsd,
    models: modelsOf(results),
    status,
  };
}

/** What an older version wrote, or a run that has only begun: from the events at both ends. */
function fromBothEnds(
  projectId: string,
  { start, end, isWhole, now }: { start: string; end: string; isWhole: boolean; now: number },
): RunOverview | undefined {
  const first = eventsIn(isWhole ? end : start.slice(0, start.lastIndexOf('\n') + 1));
  const last = isWhole ? first : eventsIn(end);
  const started = first.find((event) => event.type === 'run-started');
  const latest = last.at(-1);
  if (started === undefined || latest === undefined) return undefined;
  const finished = last.findLast((event) => event.type === 'run-finished');
  const results =
    finished?.results ??
    last.flatMap((event) => (event.type === 'task-finished' ? [event.result] : []));
  const planned = [...first, ...last].findLast((event) => event.type === 'run-planned');
  const ended = finished !== undefined && last.indexOf(finished) > lastStart(last);
  return {
    projectId,
    project: projectLine(started.project),
    startedAt: started.at,
    tasks: planned?.tasks.length ?? results.length,
    averageQuality: averageOf(results),
    spentUsd: finished?.spentUsd ?? spentIn(last),
    budgetUsd: started.budgetUsd,
    models: modelsOf(results),
    status: ended ? finished.status : standingAt(latest.at, now),
  };
}

const lastStart = (events: readonly RunEvent[]): number =>
  events.findLastIndex(({ type }) => type === 'run-started');

/** As far as it is in sight: the last heartbeat, and the calls after it. */
function spentIn(events: readonly RunEvent[]): number {
  const beat = events.findLastIndex(({ type }) => type === 'heartbeat');
  const said = events[beat];
  const before = said?.type === 'heartbeat' ? said.spentUsd : 0;
  return events
    .slice(beat + 1)
    .reduce((sum, event) => sum + (event.type === 'call-finished' ? event.costUsd : 0), before);
}

/** Lines with their ends; the first may lack its beginning. */
function completeLines(text: string): string[] {
  const end = text.lastIndexOf('\n');
  return end === -1 ? [] : text.slice(0, end).split('\n');
}

const eventsIn = (text: string): RunEvent[] =>
  completeLines(text).flatMap((line) => readEventLine(line) ?? []);

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // Not there yet.
    return [];
  }
}
