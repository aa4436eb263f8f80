import { setImmediate as turn } from 'node:timers/promises';
import { daySeconds } from '../../domain/durations.ts';
import { callsOf, storyDays, type PastRun, type Simulator } from '../../providers/index.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';
import { pastTimes, writePastJournal } from './past-journal.ts';
import { demoProjects } from './projects.ts';

type Past = {
  simulator: Simulator;
  database: string;
  /** The folder of the journals. */
  runs: string;
  name: string;
  /** Unix seconds: the past ends six days before. */
  now: number;
  signal: AbortSignal;
};

const startOf = ({ day }: PastRun, { now }: Past): number => now - (storyDays - day) * daySeconds;
const idOf = ({ number }: PastRun, { name }: Past): string => `${name}-past-${number}`;

/** Records the numbers of the story's past, which the screen waits for. The latest runs come first. */
export async function recordPast(given: Past): Promise<readonly PastRun[]> {
  const { simulator, database, now, signal } = given;
  const past: PastRun[] = [];
  let at = now;
  const store = openTelemetryStore({ path: database, now: () => at });
  try {
    for (const run of simulator.past(demoProjects.map(({ project }) => project))) {
      if (signal.aborted) break;
      past.push(run);
      const projectId = idOf(run, given);
      const times = pastTimes(run, startOf(run, given));
      for (const [index, task] of run.tasks.entries()) {
        const { endedAt = at, callsEndedAt } = times.tasks[index] ?? {};
        at = endedAt;
        for (const call of callsOf(task)) {
          store.recordCall(projectId, { ...call, at: callsEndedAt?.get(call.callId) ?? at });
        }
        store.recordRoutingEvent(projectId, task.result.taskId, task.result);
      }
      store.recordSnapshots(projectId, run.snapshots);
      // The screen is drawn in between.
      await turn();
    }
  } finally {
    await store.close();
  }
  return past;
}

/** Writes the journals of these runs, which are opened later than the numbers are seen. */
export async function writePast(past: readonly PastRun[], given: Past): Promise<void> {
  const { runs, simulator, signal } = given;
  for (const run of past) {
    if (signal.aborted) return;
    const startedAt = startOf(run, given);
    await writePastJournal(runs, idOf(run, given), run, { startedAt, simulator });
  }
}
