import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { daySeconds } from '../../domain/durations.ts';
import { watchLiveRuns } from '../../engine/index.ts';
import { storyDays, type Simulator } from '../../providers/index.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';
import type { CachePaths } from '../shared/cache-paths.ts';

/**
 * Puts the history of earlier demos aside, as `demo.previous`, so that the same seed tells the same story
 * each time; where a run is being recorded into it, it stays, and the story goes on from there.
 */
export function putHistoryAside({ database, runs }: CachePaths): void {
  const folder = dirname(database);
  if (!existsSync(database) || isInUse(runs)) return;
  const previous = `${folder}.previous`;
  try {
    rmSync(previous, { recursive: true, force: true });
    renameSync(folder, previous);
  } catch {
    // It stays where it is: a story that goes on is better than none.
  }
}

function isInUse(runs: string): boolean {
  const live = watchLiveRuns({ directory: runs });
  try {
    return live.read(Date.now() / 1000).some(({ finished }) => finished === undefined);
  } finally {
    live.close();
  }
}

/** Records the story's past, which ends six days before `now`, in Unix seconds. */
export async function recordPast({
  simulator,
  database,
  name,
  now,
  signal,
}: {
  simulator: Simulator;
  database: string;
  name: string;
  now: number;
  signal: AbortSignal;
}): Promise<void> {
  let at = now;
  const store = openTelemetryStore({ path: database, now: () => at });
  try {
    for (const { number, day, tasks, snapshots } of simulator.past()) {
      if (signal.aborted) return;
      const startedAt = now - (storyDays - day) * daySeconds;
      const projectId = `${name}-past-${number}`;
      for (const [index, { result, calls }] of tasks.entries()) {
        at = startedAt + index * 20;
        for (const call of calls) store.recordCall(projectId, { ...call, at });
        store.recordRoutingEvent(projectId, result.taskId, result);
      }
      store.recordSnapshots(projectId, snapshots);
      // The screen is drawn in between.
      await turn();
    }
  } finally {
    await store.close();
  }
}
