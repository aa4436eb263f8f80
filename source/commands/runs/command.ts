import { exitCodes } from '../../domain/errors.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { requireDatabase } from '../shared/history-of.ts';
import { outcomesOf } from '../shared/outcomes-of.ts';
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
