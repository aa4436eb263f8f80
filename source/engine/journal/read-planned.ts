import { closeSync, readSync } from 'node:fs';
import type { TaskSpec } from '../../domain/run-event.ts';
import { openOwnFile } from '../../files/own-file.ts';
import { readEventLine } from './event-guard.ts';

/** A plan is near the beginning of its journal: no more of it is read. */
const longestBeginning = 2 * 1024 * 1024;

/**
 * What a run was to do, from the beginning of its journal; undefined where that does not say, and of a
 * comparison, whose tasks are those of other runs.
 */
export function readPlanned(path: string): { criteria: string; tasks: TaskSpec[] } | undefined {
  const opened = openOwnFile(path);
  if (!opened.ok) return undefined;
  try {
    const block = Buffer.allocUnsafe(Math.min(opened.size, longestBeginning));
    const length = readSync(opened.descriptor, block, 0, block.length, 0);
    let criteria: string | undefined;
    for (const line of block.toString('utf8', 0, length).split('\n')) {
      const event = readEventLine(line);
      if (event?.type === 'run-started') {
        if (event.comparison === true) return undefined;
        ({ criteria } = event);
      }
      if (event?.type === 'run-planned' && criteria !== undefined) {
        return { criteria, tasks: event.tasks };
      }
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(opened.descriptor);
  }
}
