import { OrchestratorError, TelemetryError } from '../../domain/errors.ts';
import type { ResultOutcome } from '../../domain/model-call.ts';
import type { Clock } from '../../domain/runtime.ts';
import { hasJournal, readRun } from '../../engine/index.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';
import type { CachePaths } from './cache-paths.ts';
import { readStore } from './history-of.ts';

export type NamedTask = { projectId: string; taskId: string };

/** Whether a task has a result that something can be found of: in the history, or in its run's journal. */
export async function hasResult(
  { database, runs }: Pick<CachePaths, 'database' | 'runs'>,
  { projectId, taskId }: NamedTask,
): Promise<boolean> {
  try {
    const ids = await readStore(database, async (store) => [
      ...(await store.recordedTaskIds(projectId)),
    ]);
    if (ids.includes(taskId)) return true;
  } catch (error) {
    // Of a run of this machine its journal knows, while the server is away.
    if (!(error instanceof TelemetryError) || !hasJournal(runs, projectId)) throw error;
  }
  // What a run that is under way has finished may be on its way to the history.
  if (!hasJournal(runs, projectId)) return false;
  const { state } = readRun({ directory: runs, projectId, now: 0 });
  return state.tasks.get(taskId)?.finishedAt !== undefined;
}

/**
 * Records what was found of a result. Resolves to whether it is in the database already; false where it
 * waits beside it for one that cannot be written now.
 *
 * @throws OrchestratorError `outcome-lost` where it is nowhere.
 */
export async function recordOutcome(
  database: string,
  { projectId, taskId }: NamedTask,
  outcome: ResultOutcome,
  clock: Clock,
): Promise<boolean> {
  let notice = '';
  const store = openTelemetryStore({
    path: database,
    now: clock,
    onNotice: (message) => {
      notice = message;
    },
  });
  store.recordOutcome(projectId, taskId, outcome);
  await store.close();
  const { written, spooled } = store.stats();
  if (written + spooled === 0) {
    const why = notice === '' ? '' : ` (${notice.replace(/\.$/, '')})`;
    throw new OrchestratorError(
      'outcome-lost',
      `The outcome could not be recorded in ${database}${why}: look at that file, and say it again.`,
    );
  }
  return written > 0;
}
