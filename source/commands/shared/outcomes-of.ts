import { TelemetryError } from '../../domain/errors.ts';
import type { RecordedOutcome } from '../../domain/outcome.ts';
import { isServerAddress, openTelemetryStore } from '../../telemetry/index.ts';
import type { CachePaths } from './cache-paths.ts';
import { mayExist } from './history-of.ts';
import { ownIds } from './own-ids.ts';

/** What was found of the results of a run; nothing where there is no history. */
export async function outcomesOf(
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
