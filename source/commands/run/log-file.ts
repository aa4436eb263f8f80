import { createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import type { RunEvent } from '../../domain/run-event.ts';
import { appendToOwnFile } from '../../files/own-file.ts';
import { makeFolder } from '../../files/folder.ts';
import { eventLine } from '../../dashboard/run-view/text.ts';
import { cleanText } from '../../dashboard/text/width.ts';

export type LogFile = { write(event: RunEvent): void; close(): Promise<void> };

/**
 * What happened, line by line with its time, for whoever looks for a fault: every call with its price
 * and its error besides what the screen shows. Neither prompts nor outputs are in it. Mode 0600.
 */
export function openLogFile(path: string): LogFile {
  makeFolder(dirname(path));
  const file = appendToOwnFile(path);
  // A log that cannot be written must not stop the run that it reports.
  if (!file.ok) return { write: () => undefined, close: () => Promise.resolve() };
  const stream = createWriteStream(path, { fd: file.descriptor });
  let broken = false;
  stream.on('error', () => {
    broken = true;
  });
  return {
    write(event) {
      const text = logLine(event);
      if (text !== undefined && !broken) {
        stream.write(`${new Date(event.at * 1000).toISOString()} ${cleanText(text)}\n`);
      }
    },
    close: () =>
      new Promise((resolve) => {
        if (broken) resolve();
        else stream.end(resolve);
      }),
  };
}

function logLine(event: RunEvent): string | undefined {
  if (event.type === 'call-finished') {
    const { taskId = 'plan', role, model, costUsd, latencyMs, estimated } = event;
    const answered = estimated ? 'answered, cost estimated' : 'answered';
    const outcome = event.outcome === 'ok' ? answered : event.outcome;
    return `${taskId} ${role} call to ${model}: ${outcome}, $${costUsd}, ${Math.round(latencyMs)} ms`;
  }
  if (event.type === 'phase-started') {
    return `${event.taskId} ${event.phase} with ${event.model}, attempt ${event.iteration}`;
  }
  return eventLine(event);
}
