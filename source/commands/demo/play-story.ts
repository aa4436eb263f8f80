import process from 'node:process';
import { daySeconds } from '../../domain/durations.ts';
import { openPolicy } from '../../domain/policy.ts';
import { emptyRunState } from '../../domain/run-state.ts';
import { seededRandom, type Clock } from '../../domain/runtime.ts';
import { openJournal, openResults, runDirectory, type Journal } from '../../engine/index.ts';
import { connectProviders, startSimulator, storyDays } from '../../providers/index.ts';
import { openTelemetryStore, type TelemetryStore } from '../../telemetry/index.ts';
import { executeProject } from '../run/execute-project.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { simulatedRouting } from '../shared/simulated-routing.ts';
import { recordPast, writePast } from './begin-story.ts';
import { dateBack } from './date-back.ts';
import { demoProjects } from './projects.ts';

/** Enough for models to become HOT, and advice to find its evidence, within the demo's few runs. */
const tasksPerRun = 80;
const concurrency = 12;
const budgetUsd = 5;
const timeLimitSeconds = 600;
/** Days over which the runs are spread, at most. */
const maxDays = 5;
/** Without a pace the simulator's time may go faster than this machine's: nothing of it may lie ahead of that. */
const headStartSeconds = 120;

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
 * Before them comes what the story's past would have on record. Their own records lie a day apart, the last
 * one being today; their journals have the real time while they can be watched live, and are dated back then.
 */
export async function playStory(options: StoryOptions): Promise<void> {
  const { paths, runs, seed, name, pace, clock, signal, onRunFinished } = options;
  const simulator = await startSimulator({ seed, pace, faulty: false, ordered: true });
  /** Everything is paced from here, in simulated time, whatever this machine does meanwhile. */
  const startedAt = clock() - (pace < 1 ? headStartSeconds : 0);
  let journals = Promise.resolve();
  try {
    const { database, runs: directory } = paths;
    const given = { simulator, database, runs: directory, name, now: startedAt, signal };
    journals = writePast(await recordPast(given), given);
    journals.catch(() => undefined);
    const connection = await connectProviders({
      settings: simulator.settings,
      environment: {},
      clock,
    });
    for (let run = 1; run <= runs && !signal.aborted; run += 1) {
      // A day apart, as long as they fit behind the past.
      const daysAgo = (runs - run) * Math.min(1, maxDays / Math.max(1, runs - 1));
      simulator.setDay(storyDays - daysAgo);
      const runAt = startedAt - daysAgo * daySeconds - (simulator.turns?.elapsedMs() ?? 0) / 1000;
      const now = (): number => runAt + (simulator.turns?.elapsedMs() ?? 0) / 1000;
      const store = openTelemetryStore({ path: paths.database, now });
      const projectId = `${name}-${run}`;
      const times: number[] = [];
      const journal = withTimes(openJournal({ directory: paths.runs, projectId }), now, times);
      const directory = runDirectory(paths.runs, projectId);
      const results = openResults({ directory, runDirectory: directory });
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
          // What is paid so far depends on who answers first: the story must not.
          configuration: {
            routing: simulatedRouting,
            policy: openPolicy,
            supervision: { maxShare: 1 },
          },
          store: withOwnTimes(store, now),
          turns: simulator.turns,
          journal,
          state: emptyRunState(projectId),
          earlier: [],
          simulated: true,
          clock,
          random: seededRandom(seed * 1000 + run),
          samplingKey: `demo ${seed} ${run}`,
          pid: process.pid,
          signal,
          secrets: [],
          onEvent: results.take,
        });
      } finally {
        journal.close();
        await store.close();
        await results.close();
        dateBack(journal.path, times);
      }
      onRunFinished?.(run);
    }
    await journals;
  } finally {
    // What went wrong first is what is reported.
    await Promise.allSettled([journals]);
    await simulator.close();
  }
}

/** Notes at what time of the story each line of the journal is written. */
function withTimes(journal: Journal, now: Clock, times: number[]): Journal {
  return {
    ...journal,
    append(event) {
      times.push(now());
      return journal.append(event);
    },
  };
}

/** Calls say when they were by the clock of whoever watches; here they are when the store has them. */
function withOwnTimes(store: TelemetryStore, now: Clock): TelemetryStore {
  return {
    ...store,
    recordCall: (projectId, call) => store.recordCall(projectId, { ...call, at: now() }),
  };
}
