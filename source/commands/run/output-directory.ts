import { accessSync, constants, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { realPathOf } from '../../files/real-path.ts';
import { userPath } from '../../files/user-path.ts';

/**
 * The directory that `--output-dir` names, where results can be written; it need not exist yet. Asked
 * before a run spends anything, and nothing is made.
 *
 * @throws OrchestratorError `results-unwritable`.
 */
export function checkedOutputDirectory(path: string, workingDirectory: string): string {
  const directory = userPath(path, workingDirectory);
  let existing = directory;
  try {
    while (statSync(existing, { throwIfNoEntry: false }) === undefined) {
      if (lstatSync(existing, { throwIfNoEntry: false }) !== undefined)
        throw new Error(`${existing} is a link to what is not there`);
      existing = dirname(existing);
    }
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

/** Files that keep an empty folder in a repository, or that file managers leave in one. */
const unimportant = new Set(['.gitkeep', '.gitignore', '.ds_store', 'thumbs.db', 'desktop.ini']);

/**
 * Where the results of a run go: the directory itself if it is empty, or holds the results of an earlier
 * part of the same run; else a folder of the run's own inside it, if the user agrees. Results are new
 * files beside nobody else's.
 *
 * @throws OrchestratorError `results-exist` where the user is not there to agree, or does not.
 */
export async function emptyOutputDirectory(options: {
  directory: string;
  /** As the user wrote it. */
  path: string;
  projectId: string;
  /** Where an earlier part of this run wrote its results. */
  earlier: string | undefined;
  /** Undefined where there is nobody to ask. */
  confirm: ((question: string) => Promise<boolean>) | undefined;
}): Promise<string> {
  const { directory, path, projectId, earlier, confirm } = options;
  const real = realPathOf(directory);
  const found = real === earlier ? [] : contentOf(directory);
  if (found.length === 0) return real;
  const [first = ''] = found;
  const others = found.length === 1 ? '' : ` and ${found.length - 1} more`;
  const problem = `${path} holds files already (${first}${others}), and results never replace what is there`;
  const own = join(path, projectId);
  const inside = join(directory, projectId);
  const agreed =
    confirm !== undefined &&
    contentOf(inside).length === 0 &&
    (await confirm(`${problem}. Write them to ${own} instead?`));
  if (agreed) return realPathOf(inside);
  throw new OrchestratorError(
    'results-exist',
    `${problem}: give a new or empty folder, as in --output-dir ${own}.`,
  );
}

function contentOf(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !unimportant.has(name.toLowerCase()))
      .toSorted();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw new OrchestratorError(
      'results-unwritable',
      `Results cannot be written to ${directory} (${messageOf(error)}): give another directory with --output-dir.`,
      { cause: error },
    );
  }
}
