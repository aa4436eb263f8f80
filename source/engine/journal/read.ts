import { closeSync, readSync } from 'node:fs';
import { OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import { createLineSplitter } from '../../files/lines.ts';
import { openOwnFile, refusalSentence } from '../../files/own-file.ts';
import { readEventLine } from './event-guard.ts';
import { longestEventLine } from './paths.ts';

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
  const take = (line = ''): void => {
    const event = readEventLine(line);
    if (event !== undefined) use(event);
  };
  const lines = createLineSplitter(longestEventLine, take);
  const opened = openOwnFile(path);
  if (!opened.ok) throw unreadable(path, opened);
  const block = Buffer.allocUnsafe(blockBytes);
  try {
    for (let length = 1; length > 0;) {
      length = readSync(opened.descriptor, block);
      lines.take(block.subarray(0, length));
    }
  } finally {
    closeSync(opened.descriptor);
  }
  take(lines.rest());
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
      switch (event.type) {
        case 'heartbeat': {
          if (heartbeat !== undefined) events[heartbeat] = undefined;
          heartbeat = events.length;
          break;
        }
        case 'notice': {
          notices.push(events.length);
          const oldest = notices.length > mostNotices ? notices.shift() : undefined;
          if (oldest !== undefined) events[oldest] = undefined;
          break;
        }
        case 'call-finished': {
          if (event.taskId === undefined || event.answer === undefined) break;
          const known = answered.get(event.taskId);
          if (known === undefined) answered.set(event.taskId, [event]);
          else known.push(event);
          break;
        }
        case 'task-finished': {
          const { taskId } = event.result;
          for (const call of answered.get(taskId) ?? []) delete call.answer;
          answered.delete(taskId);
          break;
        }
        case 'run-started':
        case 'run-estimated':
        case 'run-planned':
        case 'task-started':
        case 'task-routed':
        case 'phase-started':
        case 'call-started':
        case 'attempt-finished':
        case 'run-finished': {
          break;
        }
      }
      events.push(event);
    },
    events: (): RunEvent[] => events.filter((event) => event !== undefined),
  };
}
