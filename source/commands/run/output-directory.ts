import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';

/**
 * The directory that `--output-dir` names, where results can be written; it need not exist yet. Asked
 * before a run spends anything, and nothing is made.
 *
 * @throws OrchestratorError `results-unwritable`.
 */
export function checkedOutputDirectory(path: string, workingDirectory: string): string {
  const directory = resolve(workingDirectory, path);
  let existing = directory;
  try {
    while (statSync(existing, { throwIfNoEntry: false }) === undefined)
      existing = dirname(existing);
    if (!statSync(existing).isDirectory()) throw new Error(`${existing} is not a directory`);
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new OrchestratorError(
      'results-unwritable',
      `Results cannot be written to ${path} (${messageOf(error)}): give another directory with --output-dir.`,
      { cause: error },
    );
  }
  return directory;
}
