import { messageOf, TelemetryError } from '../../domain/errors.ts';
import type { RunReport } from '../../domain/run-report.ts';
import type { Clock } from '../../domain/runtime.ts';
import { hasJournal, newestFirst } from '../../engine/index.ts';
import { isServerAddress, readSharedRuns } from '../../telemetry/index.ts';
import { type ListedRun, type RunPlace, runsIn } from '../shared/past-runs.ts';
import { ownIds } from '../shared/own-ids.ts';
import { reportOf } from '../shared/shared-runs.ts';

type Asked = {
  clock: Clock;
  /** Hears, in one sentence, why the runs of other machines are not there. */
  say: (message: string) => void;
};

/** The runs of some places, and those of the machines that share the history of one of them. */
export async function allRuns(
  places: readonly RunPlace[],
  { clock, limit, say }: Asked & { limit: number },
): Promise<ListedRun[]> {
  const here = runsIn(places, { now: clock(), limit });
  const place = sharedPlace(places);
  if (place === undefined) return here;
  const own = ownIds(place.paths);
  const others = await asked(place, { clock, say }, (database) =>
    readSharedRuns(database, clock, (runs) => runs.list(clock())),
  );
  return [
    ...here,
    ...(others ?? [])
      .filter(({ projectId }) => !own.isOwn(projectId))
      .map((run) => ({ run, place })),
  ]
    .toSorted((left, right) => newestFirst(left.run, right.run))
    .slice(0, limit);
}

/** A run of another machine as far as it is known here; undefined where it is of this one, or of none. */
export async function otherRun(
  places: readonly RunPlace[],
  projectId: string,
  { clock, say }: Asked,
): Promise<{ report: RunReport; place: RunPlace } | undefined> {
  const place = sharedPlace(places);
  if (place === undefined || isHere(places, projectId)) return undefined;
  const state = await asked(place, { clock, say }, (database) =>
    readSharedRuns(database, clock, (runs) => runs.read(projectId, clock())),
  );
  return state && { report: reportOf(state, clock()), place };
}

const sharedPlace = (places: readonly RunPlace[]): RunPlace | undefined =>
  places.find(({ paths }) => isServerAddress(paths.database));

const isHere = (places: readonly RunPlace[], projectId: string): boolean =>
  places.some(({ paths }) => hasJournal(paths.runs, projectId));

/** What a server says; without it there are the runs of this machine still. */
async function asked<Answer>(
  { paths }: RunPlace,
  { say }: Asked,
  ask: (database: string) => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await ask(paths.database);
  } catch (error) {
    if (!(error instanceof TelemetryError)) throw error;
    say(`Runs of other machines are not shown. ${messageOf(error)}`);
    return undefined;
  }
}
