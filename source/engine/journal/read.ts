import { readFileSync } from 'node:fs';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import type { RunEvent } from '../../domain/run-event.ts';
import { hasCode } from '../../files/error-code.ts';
import { readEventLine } from './event-guard.ts';

/**
 * The events of a run so far. A last line that was being written when the process died, and whatever
 * else is no event, is left out.
 *
 * @throws OrchestratorError `no-journal` where there is none, `journal-unreadable`.
 */
export function readJournal(path: string): RunEvent[] {
  return [...linesOf(readBytes(path))].flatMap((line) => readEventLine(line) ?? []);
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) {
      throw new OrchestratorError(
        'no-journal',
        `There is no run to continue at ${path}: check the name, or start a new run without --resume.`,
        { cause: error },
      );
    }
    throw new OrchestratorError(
      'journal-unreadable',
      `The journal ${path} cannot be read (${messageOf(error)}): check its permissions.`,
      { cause: error },
    );
  }
}

/** Line by line: the whole journal may be larger than one string can be. */
export function* linesOf(bytes: Buffer): Generator<string> {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(newline, start);
    if (end === -1) {
      yield bytes.toString('utf8', start);
      return;
    }
    if (end > start) yield bytes.toString('utf8', start, end);
    start = end + 1;
  }
}

export const newline = 0x0a;
