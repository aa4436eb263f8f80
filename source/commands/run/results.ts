import {
  extendResultsRecord,
  openResults,
  readResultsRecord,
  runDirectory,
  type ResultsWriter,
} from '../../engine/index.ts';
import { textFlag } from '../command-line/flag-values.ts';
import type { CommandContext, FlagValues } from '../command-line/specification.ts';
import { confirm } from '../shared/dialog.ts';
import { checkedOutputDirectory, emptyOutputDirectory } from './output-directory.ts';
import { canAsk, type PreparedRun } from './prepare-run.ts';

/** Before anything is asked or spent: @throws OrchestratorError `results-unwritable`. */
export function checkOutputDirectory(
  flags: FlagValues,
  { workingDirectory }: CommandContext,
): void {
  const path = textFlag(flags, 'outputDir');
  if (path !== undefined) checkedOutputDirectory(path, workingDirectory);
}

/**
 * Where the results of a run go, absolute: where the user says, else where the earlier parts of the run
 * wrote theirs; undefined for beside the journal.
 *
 * @throws OrchestratorError `results-unwritable`, `results-exist`.
 */
export async function chooseOutputDirectory(
  { request: { projectId }, paths, earlier }: PreparedRun,
  flags: FlagValues,
  context: CommandContext,
): Promise<string | undefined> {
  const record =
    earlier.length === 0 ? undefined : readResultsRecord(runDirectory(paths.runs, projectId));
  const path = textFlag(flags, 'outputDir');
  if (path === undefined) return record?.directory;
  const remedy = 'give a new or empty folder with --output-dir';
  return emptyOutputDirectory({
    directory: checkedOutputDirectory(path, context.workingDirectory),
    path,
    projectId,
    earlier: record?.directory,
    confirm: canAsk(flags, context) ? (question) => confirm(context, question, remedy) : undefined,
  });
}

/** `directory` is that of the run's journal, which must exist; the choice is kept there. */
export function openRunResults(
  directory: string,
  outputDirectory: string | undefined,
): ResultsWriter {
  if (outputDirectory === undefined) return openResults({ directory, runDirectory: directory });
  extendResultsRecord(directory, { directory: outputDirectory });
  return openResults({ directory: outputDirectory, runDirectory: directory });
}
