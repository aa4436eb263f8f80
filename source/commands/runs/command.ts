import type { RecordedOutcome } from '../../domain/outcome.ts';
import { isServerAddress, openTelemetryStore } from '../../telemetry/index.ts';
import { exitCodes, TelemetryError } from '../../domain/errors.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { mayExist, requireDatabase } from '../shared/history-of.ts';
import { ownIds } from '../shared/own-ids.ts';
import { openRun, runPlaces } from '../shared/past-runs.ts';
import { overviewJson, reportJson } from './runs-json.ts';
import { renderRun } from './render-run.ts';
import { renderRuns } from './render-runs.ts';
import { allRuns, otherRun } from './shared-runs.ts';

const usualLimit = 20;
const mostRuns = 1_000_000;

/**
 * `orchestrator runs [ID]`: past and present runs of this machine and of those that share its history, or one
 * with its tasks and files.
 */
export const command: Command = async ({ argument, flags, context }) => {
  const { clock, environment, stdout, stderr } = context;
  const database = textFlag(flags, 'db');
  if (database !== undefined) requireDatabase(database);
  const places = runPlaces(environment, database);
  const json = switchFlag(flags, 'json');
  const limit = numberFlag(flags, 'limit', { min: 1, max: mostRuns, whole: true }) ?? usualLimit;
  const asked = { clock, say: (message: string) => printText(stderr, `${message}\n`) };
  if (argument !== undefined) {
    const other = await otherRun(places, argument, asked);
    const { report, place } = other ?? openRun(places, argument, clock());
    const outcomes = await outcomesOf(place.paths, argument, asked.say);
    if (json) printJson(stdout, reportJson(report, outcomes));
    else printText(stdout, renderRun({ report, outcomes }, stdout.columns));
    return exitCodes.done;
  }
  const found = await allRuns(places, { ...asked, limit: json ? limit : limit + 1 });
  if (json) {
    printJson(
      stdout,
      found.map(({ run }) => overviewJson(run)),
    );
  } else {
    printText(
      stdout,
      renderRuns(found.slice(0, limit), {
        isMore: found.length > limit,
        width: stdout.isTTY ? stdout.columns : undefined,
      }),
    );
  }
  return exitCodes.done;
};

/** What was found of its results; nothing where there is no history. */
async function outcomesOf(
  paths: CachePaths,
  projectId: string,
  say: (message: string) => void,
): Promise<RecordedOutcome[]> {
  const { database } = paths;
  if (!mayExist(database)) return [];
  const store = openTelemetryStore({ path: database, readonly: true });
  try {
    const own = ownIds(paths);
    return (await store.recordedOutcomes(projectId)).map((outcome) => ({
      ...outcome,
      taskId: own.task(projectId, outcome.taskId),
    }));
  } catch (error) {
    // The run itself is of this machine.
    if (!(error instanceof TelemetryError) || !isServerAddress(database)) throw error;
    say(`What was found of its results is not shown. ${error.message}`);
    return [];
  } finally {
    await store.close();
  }
}
