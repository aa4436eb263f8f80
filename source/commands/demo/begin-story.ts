import { setImmediate as turn } from 'node:timers/promises';
import { daySeconds } from '../../domain/durations.ts';
import { storyDays, type Simulator } from '../../providers/index.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';
import { pastTaskAt, writePastJournal } from './past-journal.ts';

/** Records the story's past, with a journal of each run, which ends six days before `now`, in Unix seconds. */
export async function recordPast({
  simulator,
  database,
  runs,
  name,
  now,
  signal,
}: {
  simulator: Simulator;
  database: string;
  /** The folder of the journals. */
  runs: string;
  name: string;
  now: number;
  signal: AbortSignal;
}): Promise<void> {
  let at = now;
  const store = openTelemetryStore({ path: database, now: () => at });
  try {
    for (const run of simulator.past()) {
      if (signal.aborted) return;
      const { number, day, tasks, snapshots } = run;
      const startedAt = now - (storyDays - day) * daySeconds;
      const projectId = `${name}-past-${number}`;
      for (const [index, { result, calls }] of tasks.entries()) {
        at = pastTaskAt(startedAt, index);
        for (const call of calls) store.recordCall(projectId, { ...call, at });
        store.recordRoutingEvent(projectId, result.taskId, result);
      }
      store.recordSnapshots(projectId, snapshots);
      writePastJournal(runs, projectId, run, startedAt);
      // The screen is drawn in between.
      await turn();
    }
  } finally {
    await store.close();
  }
}
