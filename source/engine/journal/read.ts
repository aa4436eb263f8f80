import { closeSync, fstatSync, readSync } from 'node:fs';
import { OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import { createByteLineSplitter } from '../../files/lines.ts';
import { openOwnFile, refusalSentence } from '../../files/own-file.ts';
import { readEventLine } from './event-guard.ts';
import { longestEventLine } from './paths.ts';
import { createTextReader, withoutText, type TextPlace } from './texts.ts';

const blockBytes = 1024 * 1024;

/**
 * The events of a run so far, without what a continuation has no use for: answers of tasks that are
 * finished, heartbeats but the last, old notices. So a journal of gigabytes takes the memory of its
 * results. A last line that was being written when the process died, and whatever else is no event, is
 * left out.
 *
 * @throws OrchestratorError `no-journal` where there is none, `journal-unreadable`.
 */
export function readJournal(path: string): RunEvent[] {
  const kept = createKeeper();
  eachEvent(path, (event) => kept.take(event));
  return kept.events();
}

/**
 * Goes through the events of a run in their order; whatever is no event is left out.
 *
 * @throws OrchestratorError `no-journal` where there is none, `journal-unreadable`.
 */
export function eachEvent(path: string, use: (event: RunEvent) => void): void {
  eachLine(path, (line) => {
    const event = readEventLine(line.toString('utf8'));
    if (event !== undefined) use(event);
  });
}

/**
 * The same with the long texts of the events left empty, and where they lie: reading those of a run of 10 MB
 * would take most of the time, and all of them stay in memory, where one of them is looked at.
 *
 * @returns what reads such a text.
 */
export function eachEventWithoutText(
  path: string,
  use: (event: RunEvent, text: TextPlace | undefined) => void,
): (place: TextPlace) => string {
  const inode = eachLine(path, (line, offset) => {
    const { rest, text } = withoutText(line);
    const event = readEventLine(rest);
    if (event === undefined) return;
    use(event, text && { offset: offset + text.offset, length: text.length });
  });
  return createTextReader(path, inode);
}

/** Goes through the lines of a journal, whose inode it returns; `offset`: of the line, in bytes. */
function eachLine(path: string, use: (line: Buffer, offset: number) => void): number {
  let offset = 0;
  const lines = createByteLineSplitter(longestEventLine, (line, bytes) => {
    if (line !== undefined) use(line, offset);
    offset += bytes + 1;
  });
  const opened = openOwnFile(path);
  if (!opened.ok) throw unreadable(path, opened);
  const { descriptor } = opened;
  const block = Buffer.allocUnsafe(blockBytes);
  try {
    for (let length = 1; length > 0;) {
      length = readSync(descriptor, block);
      lines.take(block.subarray(0, length));
    }
    use(lines.rest(), offset);
    return fstatSync(descriptor).ino;
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(
  path: string,
  refusal: Extract<ReturnType<typeof openOwnFile>, { ok: false }>,
): OrchestratorError {
  if (refusal.reason === 'missing') {
    return new OrchestratorError(
      'no-journal',
      `There is no run to continue at ${path}: check the name, or start a new run without --resume.`,
    );
  }
  return new OrchestratorError('journal-unreadable', refusalSentence(path, refusal), {
    cause: refusal.cause,
  });
}

/** Warnings of the past that are kept: more than a person reads. */
const mostNotices = 500;

function createKeeper() {
  const events: (RunEvent | undefined)[] = [];
  const answered = new Map<string, RunEventOf<'call-finished'>[]>();
  const notices: number[] = [];
  let heartbeat: number | undefined;

  return {
    take(event: RunEvent): void {
      if (event.type === 'heartbeat') {
        if (heartbeat !== undefined) events[heartbeat] = undefined;
        heartbeat = events.length;
      } else if (event.type === 'notice') {
        notices.push(events.length);
        const oldest = notices.length > mostNotices ? notices.shift() : undefined;
        if (oldest !== undefined) events[oldest] = undefined;
      } else if (event.type === 'call-finished' && event.answer !== undefined) {
        const { taskId = '' } = event;
        const known = answered.get(taskId);
        if (known === undefined) answered.set(taskId, [event]);
        else known.push(event);
      } else if (event.type === 'task-finished') {
        const { taskId } = event.result;
        for (const call of answered.get(taskId) ?? []) delete call.answer;
        answered.delete(taskId);
      }
      events.push(event);
    },
    events: (): RunEvent[] => events.filter((event) => event !== undefined),
  };
}
