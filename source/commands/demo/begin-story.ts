import { setImmediate as turn } from 'node:timers/promises';
import { daySeconds } from '../../domain/durations.ts';
import { storyDays, type Simulator } from '../../providers/index.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';

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
