import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../domain/errors.ts';

/** What `--project-id` matches; it names a directory. */
export const projectIdPattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

/** The directory of one run inside the runs folder. */
export function runDirectory(runs: string, projectId: string): string {
  if (!projectIdPattern.test(projectId)) {
    throw new UsageError(
      `${JSON.stringify(projectId)} cannot name a run: use up to 64 letters, digits, dots, hyphens or underscores.`,
    );
  }
  return join(runs, projectId);
}

/** The ids of the runs that lie in the runs folder; none where it is not there yet or shut. */
export function projectIdsIn(runs: string): string[] {
  try {
    return readdirSync(runs).filter((name) => projectIdPattern.test(name));
  } catch {
    return [];
  }
}

/** Whether a run of that id has a journal here, be it one that no run can have. */
export const hasJournal = (runs: string, projectId: string): boolean =>
  projectIdPattern.test(projectId) && existsSync(journalPath(runs, projectId));

/** The journal of one run. */
export function journalPath(runs: string, projectId: string): string {
  return join(runDirectory(runs, projectId), journalFile);
}

export const journalFile = 'events.jsonl';
export const lockFile = 'lock';

/** Bytes; a longer line is no event of ours: outputs are cut long before. */
export const longestEventLine = 32 * 1024 * 1024;
