import { utimesSync } from 'node:fs';
import { readOwnFile, replaceOwnFile } from '../../files/own-file.ts';

/** More than any run of the demo says. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Moves all that the journal of a run says so many seconds back, once the run is over: it was written while it
 * could be watched, and belongs to the day that its numbers have. Never throws: with its own time it is as good.
 */
export function dateBack(path: string, seconds: number): void {
  const read = readOwnFile(path, { maxBytes: mostBytes });
  if (!read.ok) return;
  try {
    const lines = read.text.trimEnd().split('\n');
    const moved = lines.map((line) => JSON.stringify(movedBack(JSON.parse(line), seconds)));
    replaceOwnFile(path, `${moved.join('\n')}\n`);
    // Lists of runs and followers of journals go by the time of the last write.
    const at = Date.now() / 1000 - seconds;
    utimesSync(path, at, at);
  } catch {
    // What is there can be read as it is.
  }
}

type Dated = { at: number; digest?: { startedAt: number } };

function movedBack(event: Dated, seconds: number): Dated {
  const { at, digest } = event;
  return {
    ...event,
    at: at - seconds,
    ...(digest === undefined
      ? {}
      : { digest: { ...digest, startedAt: digest.startedAt - seconds } }),
  };
}
