import process from 'node:process';
import { daySeconds } from '../../domain/durations.ts';
import { defaultRoutingSettings, openPolicy } from '../../domain/policy.ts';
import { emptyRunState } from '../../domain/run-state.ts';
import { seededRandom, type Clock } from '../../domain/runtime.ts';
import { openJournal, openResults, runDirectory } from '../../engine/index.ts';
import { connectProviders, startSimulator, storyDays } from '../../providers/index.ts';
import { openTelemetryStore, type TelemetryStore } from '../../telemetry/index.ts';
import { executeProject } from '../run/execute-project.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { demoProjects } from './projects.ts';

/** Enough for models to become HOT, and advice to find its evidence, within the demo's few runs. */
const tasksPerRun = 80;
const concurrency = 12;
/** Someone who wants the best answers: then there is something to save. */
const routing = { ...defaultRoutingSettings, qualityTolerance: 0.01 };
const budgetUsd = 5;
const timeLimitSeconds = 60;

export type StoryOptions = {
  paths: CachePaths;
  runs: number;
  seed: number;
  /** Names these runs apart from those of earlier demos. */
  name: string;
  /** Factor on the simulator's latencies: how slowly it plays. */
  pace: number;
  clock: Clock;
  signal: AbortSignal;
  onRunFinished?: (run: number) => void;
};

/**
 * Runs projects in the simulator, one after the other, through the real engine and into a real database.
 * Their records are spread over the past days of the simulator's story, the last one being today, so that
 * there are trends to see; their journals have the real time, so that they can be watched live.
 */
export async function playStory(options: StoryOptions): Promise<void> {
  const { paths, runs, seed, name, pace, clock, signal, onRunFinished } = options;
  const simulator = await startSimulator({ seed, pace });
  try {
    const connection = await connectProviders({
      settings: simulator.settings,
      environment: {},
      clock,
    });
    for (let run = 1; run <= runs && !signal.aborted; run += 1) {
      const daysAgo = runs === 1 ? 0 : (storyDays - 3) * ((runs - run) / (runs - 1));
      simulator.setDay(storyDays - daysAgo);
      const earlier = daysAgo * daySeconds;
      const store = openTelemetryStore({ path: paths.database, now: () => clock() - earlier });
      const projectId = `${name}-${run}`;
      const journal = openJournal({ directory: paths.runs, projectId });
      const results = openResults({ directory: runDirectory(paths.runs, projectId) });
      try {
        const { project, criteria } =
          demoProjects[(run - 1) % demoProjects.length] ?? demoProjects[0];
        await executeProject({
          request: {
            projectId,
            project,
            criteria,
            budgetUsd,
            timeLimitSeconds,
            concurrency,
            // More than one planner's answer can hold.
            tasks: simulator.tasksOf(project, tasksPerRun),
          },
          connection,
          configuration: { routing, policy: openPolicy },
          store: withEarlierCalls(store, earlier),
          journal,
          state: emptyRunState(projectId),
          earlier: [],
          simulated: true,
          clock,
          random: seededRandom(seed * 1000 + run),
          pid: process.pid,
          signal,
          secrets: [],
          onEvent: results.take,
        });
      } finally {
        journal.close();
        await store.close();
        await results.close();
      }
      onRunFinished?.(run);
    }
  } finally {
    await simulator.close();
  }
}

/** Calls say themselves when they were, by the clock of the run. */
function withEarlierCalls(store: TelemetryStore, seconds: number): TelemetryStore {
  return {
    ...store,
    recordCall(projectId, call) {
      const { at, ...rest } = call;
      store.recordCall(projectId, at === undefined ? rest : { ...rest, at: at - seconds });
    },
  };
}
