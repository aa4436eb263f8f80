import { defined } from '../../domain/defined.ts';
import type { TaskSpec } from '../../domain/run-event.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { ProviderSettings, ProvidersSettings } from '../settings.ts';
import { planOf } from './answer.ts';
import { createSimulatorServer, type SimulatorState } from './server.ts';
import { createFixtures, storyDays, type QualityChange } from './fixtures.ts';
import { pastRuns, type PastRun, type PastTask } from './past.ts';
import { pastTexts } from './past-texts.ts';
import { createTurns, type Turns } from './turns.ts';

export { storyDays, type QualityChange } from './fixtures.ts';
export { callsOf, type PastRun, type PastTask } from './past.ts';
export type { Turns } from './turns.ts';

/** A simulated set of models, served over HTTP on loopback. Nothing in it is real. */
export type Simulator = {
  url: string;
  /** What makes the simulator's providers and models available to the real adapters. */
  settings: ProvidersSettings;
  /**
   * Moves the story to a day from 0 to {@link storyDays}: some models are better or worse then. Call
   * it between runs.
   */
  setDay(day: number): void;
  /** What routing has to find out: for tests, and for comparing what was learned with the truth. */
  trueQuality(model: string, taskType: TaskType): number;
  changes: readonly QualityChange[];
  /** Orders its answers: must receive every event of the run. */
  turns: Turns | undefined;
  /**
   * What the simulator's planner makes of a project, at any number of tasks: a plan of more than about 40
   * does not fit into a planner's answer.
   */
  tasksOf(project: string, count: number): TaskSpec[];
  /** The runs of the story's past, each of one of these projects in turn, made up in a moment. */
  past(projects: readonly string[]): Iterable<PastRun>;
  /** What was written in each call of an attempt of the past. */
  pastTexts(run: number, task: PastTask, attempt: number): string[];
  close(): Promise<void>;
};

/**
 * Starts the simulator. The same seed gives the same answers to the same questions on the same day,
 * whatever the order and timing; only how often a question was asked before counts.
 */
export async function startSimulator(options: {
  seed: number;
  /** Where the story begins; default: today, its last day. */
  day?: number;
  /** Tasks that the planner makes of a project; default 7. */
  planSize?: number;
  /** Factor on all latencies; default 1: 6 to 35 ms. */
  pace?: number;
  /** Whether servers fail and limit the rate now and then; default true. */
  faulty?: boolean;
  /**
   * Whether the order of the answers depends on the questions alone, see {@link Simulator.turns}; default
   * false. Without faults, then, nothing of a run depends on this machine.
   */
  ordered?: boolean;
}): Promise<Simulator> {
  const { seed, day = storyDays, planSize = 7, pace = 1, faulty = true, ordered = false } = options;
  const fixtures = createFixtures(seed);
  const turns = ordered ? createTurns({ pace: () => pace }) : undefined;
  const state: SimulatorState = {
    seed,
    fixtures,
    planSize,
    pace,
    day,
    faulty,
    ...defined({ turns }),
  };
  const { server, forgetRepetitions } = createSimulatorServer(state);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;
  const tasksOf = (project: string, size: number): TaskSpec[] =>
    planOf({ seed, project, size }).map((task) => ({ ...task, validators: [] }));
  const names = [...new Set(fixtures.models.map(({ provider }) => provider))];
  return {
    url,
    changes: fixtures.changes,
    turns,
    settings: {
      catalogue: false,
      providers: Object.fromEntries(
        names.map((name): [string, ProviderSettings] => [
          name,
          { kind: 'openai-compatible', baseUrl: `${url}/${name}/v1` },
        ]),
      ),
      models: fixtures.models.map(({ id, provider, price, taskTypes }) => ({
        id,
        provider,
        price,
        contextTokens: 128_000,
        ...defined({ taskTypes }),
      })),
    },
    setDay(day) {
      state.day = day;
      forgetRepetitions();
    },
    tasksOf,
    past: (projects) =>
      pastRuns(seed, fixtures, (run, count) =>
        tasksOf(projects[run % projects.length] ?? 'A project', count),
      ),
    pastTexts: (run, task, attempt) => pastTexts({ seed, fixtures, run }, task, attempt),
    trueQuality: (model, taskType) => fixtures.quality(model, taskType, state.day),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
