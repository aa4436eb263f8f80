import { utimesSync } from 'node:fs';
import { readOwnFile, replaceOwnFile } from '../../files/own-file.ts';

/** More than any run of the demo says. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Gives each line of the journal of a run the time that its numbers have, in Unix seconds, once the run is over:
 * it was written while it could be watched, by the clock of whoever watched. Never throws: with its own times it
 * is as good.
 */
export function dateBack(path: string, times: readonly number[]): void {
  const read = readOwnFile(path, { maxBytes: mostBytes });
  if (!read.ok) return;
  const [startedAt] = times;
  const endedAt = times.at(-1);
  if (startedAt === undefined || endedAt === undefined) return;
  try {
    const lines = read.text.trimEnd().split('\n');
    const moved = lines.map((line, index): string => {
      const event: Dated = JSON.parse(line);
      const { digest } = event;
      return JSON.stringify({
        ...event,
        at: times[index] ?? endedAt,
        ...(digest === undefined ? {} : { digest: { ...digest, startedAt } }),
      });
    });
    replaceOwnFile(path, `${moved.join('\n')}\n`);
    // Lists of runs and followers of journals go by the time of the last write.
    utimesSync(path, endedAt, endedAt);
  } catch {
    // What is there can be read as it is.
  }
}

type Dated = { at: number; digest?: { startedAt: number } };
