import { TelemetryError } from '../../domain/errors.ts';
import type { RecordedOutcome } from '../../domain/outcome.ts';
import { isServerAddress } from '../../telemetry/index.ts';
import type { CachePaths } from './cache-paths.ts';
import { readStore } from './history-of.ts';
import { ownIds } from './own-ids.ts';

/** What was found of the results of a run; nothing where there is no history. */
export async function outcomesOf(
  paths: CachePaths,
  projectId: string,
  say: (message: string) => void,
): Promise<RecordedOutcome[]> {
  const { database } = paths;
  try {
    const found = await readStore(database, (store) => store.recordedOutcomes(projectId));
    const own = ownIds(paths);
    return found.map((outcome) => ({ ...outcome, taskId: own.task(projectId, outcome.taskId) }));
  } catch (error) {
    // The run itself is of this machine.
    if (!(error instanceof TelemetryError) || !isServerAddress(database)) throw error;
    say(`What was found of its results is not shown. ${error.message}`);
    return [];
  }
}
