import { closeSync, readSync } from 'node:fs';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { averageOf, modelsOf, projectLine, type RunDigest } from '../../domain/run-digest.ts';
import { runStatuses, type RunEvent, type RunStatus } from '../../domain/run-event.ts';
import type { RunOverview, RunStanding } from '../../domain/run-report.ts';
import { liveForSeconds } from '../../domain/run-state.ts';
import { openOwnFile } from '../../files/own-file.ts';
import { isRunDigest, readEventLine } from './event-guard.ts';

/** Of a journal that says at its end how its run is, more need not be read. */
const shortTail = 4096;
/** Of one that does not, of an older version or in the middle of a long answer: no more than this. */
const longTail = 512 * 1024;
/** Bytes read of the beginning, and of an end without a digest. */
const head = 16 * 1024;

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

function digestIn(
  line: string,
): { digest: RunDigest; at: number; status: RunStatus | undefined } | undefined {
  // Within a text, the quotes of the mark would be escaped.
  const value = parseJson(`{${line.slice(line.lastIndexOf(digestMark))}`);
  if (!isRecord(value)) return undefined;
  const { digest, at, status } = value;
  if (!isRunDigest(digest)) return undefined;
  return {
    digest,
    at: typeof at === 'number' ? at : 0,
    status: runStatuses.find((known) => known === status),
  };
}

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
