import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { OrchestratorError } from '../../domain/errors.ts';
import type { RunOverview, RunReport } from '../../domain/run-report.ts';
import type { RunState } from '../../domain/run-state.ts';
import { journalPath, listRuns, newestFirst, readRun } from '../../engine/index.ts';
import { cachePaths, simulatedPaths, type CachePaths } from './cache-paths.ts';

/** Where runs of this machine lie: the user's own and simulated ones, or those beside a database. */
export type RunPlace = { paths: CachePaths; simulated: boolean };

export function runPlaces(environment: NodeJS.ProcessEnv, database?: string): RunPlace[] {
  const own = { paths: cachePaths(environment, database), simulated: false };
  return database === undefined
    ? [own, { paths: simulatedPaths(environment), simulated: true }]
    : [own];
}

export type ListedRun = { run: RunOverview; place: RunPlace };

/** The runs of some places in one list: those that run on top, then the newest first. */
export function runsIn(
  places: readonly RunPlace[],
  { now, limit }: { now: number; limit: number },
): ListedRun[] {
  return places
    .flatMap((place) =>
      listRuns({ directory: place.paths.runs, now, limit }).map((run) => ({ run, place })),
    )
    .toSorted((left, right) => newestFirst(left.run, right.run))
    .slice(0, limit);
}

/**
 * The place of one run.
 *
 * @throws OrchestratorError `no-such-run`, UsageError for what cannot name one.
 */
function placeOfRun(places: readonly RunPlace[], projectId: string): RunPlace {
  const place = places.find(({ paths }) => existsSync(journalPath(paths.runs, projectId)));
  if (place !== undefined) return place;
  const left = places
    .map(({ paths }) => dirname(journalPath(paths.runs, projectId)))
    .find((folder) => existsSync(folder));
  if (left !== undefined) {
    throw new OrchestratorError(
      'no-such-run',
      `The journal of ${projectId} is gone, and with it its texts: its results lie in ${left}, its numbers are in orchestrator dashboard.`,
    );
  }
  throw new OrchestratorError(
    'no-such-run',
    `There is no run ${projectId} here: orchestrator runs lists those that there are.`,
  );
}

/** One run with all that its journal holds; throws as {@link placeOfRun} does. */
export function openRun(
  places: readonly RunPlace[],
  projectId: string,
  now: number,
): { report: RunReport; state: RunState; place: RunPlace } {
  const place = placeOfRun(places, projectId);
  return { ...readRun({ directory: place.paths.runs, projectId, now }), place };
}
