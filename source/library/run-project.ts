import process from 'node:process';
import { defined } from '../domain/defined.ts';
import type { RunEvent, TaskSpec } from '../domain/run-event.ts';
import { emptyRunState } from '../domain/run-state.ts';
import { seededRandom } from '../domain/runtime.ts';
import type { RunOutcome } from '../engine/options.ts';
import type { Configuration } from '../commands/configuration/configuration.ts';
import { cachePaths, simulatedPaths } from '../commands/shared/cache-paths.ts';
import { openTelemetryStore } from '../telemetry/store.ts';
import type { TelemetryStore } from '../telemetry/store-types.ts';
import { loadConfiguration } from './configuration.ts';

/** A task of a project as a program states it; see a project file for its validators. */
export type ProjectTask = Pick<TaskSpec, 'id' | 'type' | 'prompt'> &
  Partial<Pick<TaskSpec, 'dependsOn' | 'validators'>>;

export type RunProjectOptions = {
  /** What to do. */
  project: string;
  /** When it counts as done. */
  criteria: string;
  /** Tasks of your own, instead of a plan by a model. */
  tasks?: readonly ProjectTask[];
  /** Dollars for the whole run; 8 unless told otherwise. */
  budgetUsd?: number;
  /** Seconds; 5,400 unless told otherwise. */
  timeLimitSeconds?: number;
  /** Tasks at once; 3 unless told otherwise. */
  concurrency?: number;
  /** The name of the run, new for each; absent: a random one. */
  projectId?: string;
  /** Simulated models: no key, no network, no money, and a history of their own. */
  simulate?: boolean;
  /** Absent: what {@link loadConfiguration} finds. */
  configuration?: Configuration;
  /** Where keys come from; absent: the environment of this process. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Where the run learns from, and where it is recorded; absent: the history of the commands. */
  store?: TelemetryStore;
  /** Ends the run in order. */
  signal?: AbortSignal;
  /** Hears all that happens, once it is in the journal. */
  onEvent?: (event: RunEvent) => void;
};

export type ProjectOutcome = Omit<RunOutcome, 'snapshots'> & {
  projectId: string;
  /** The answers that were accepted or were the best, by their tasks. */
  outputs: Readonly<Record<string, string>>;
  /** What the history changed in this run, in one sentence. */
  learning: string;
};

const clock = (): number => Date.now() / 1000;

const defaults = { budgetUsd: 8, timeLimitSeconds: 5400, concurrency: 3 };

/**
 * Runs a project as `orchestrator run` does, with its journal among the runs of the commands, where the
 * dashboard shows it. Rejects with an `OrchestratorError` where it cannot start: no model, a configuration
 * that nobody trusts, tasks that cannot be run.
 */
export async function runProject(options: RunProjectOptions): Promise<ProjectOutcome> {
  const { simulate: simulated = false, projectId = `p-${crypto.randomUUID().slice(0, 8)}` } =
    options;
  const environment = { ...(options.environment ?? process.env) };
  const paths = simulated ? simulatedPaths(environment) : cachePaths(environment);
  const [{ connect, connectSimulator }, { executeProject }, { checkedProjectId }, engine] =
    await Promise.all([
      import('../commands/run/connect.ts'),
      import('../commands/run/execute-project.ts'),
      import('../commands/run/run-request.ts'),
      import('../engine/index.ts'),
    ]);
  const { requireTrust } = await import('../commands/configuration/index.ts');
  checkedProjectId(projectId, 'projectId');
  const configuration = options.configuration ?? (await loadConfiguration({ environment }));
  if (!simulated) requireTrust(configuration);
  const connection = simulated
    ? await connectSimulator(1, clock)
    : await connect(configuration, environment, clock);
  const store = options.store ?? openTelemetryStore({ path: paths.database });
  const state = emptyRunState(projectId);
  try {
    const journal = engine.openJournal({ directory: paths.runs, projectId, resume: false });
    try {
      const { snapshots: _, ...executed } = await executeProject({
        request: { ...defaults, projectId, ...requestOf(options) },
        connection,
        configuration,
        store,
        journal,
        state,
        earlier: [],
        simulated,
        clock,
        random: seededRandom(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0),
        pid: process.pid,
        signal: options.signal ?? new AbortController().signal,
        secrets: connection.secrets,
        scratchDirectory: paths.scratch,
        onEvent: options.onEvent ?? (() => {}),
      });
      await store.flush();
      return { ...executed, projectId, outputs: Object.fromEntries(state.outputs) };
    } finally {
      journal.close();
    }
  } finally {
    if (options.store === undefined) await store.close();
    await connection.close();
  }
}

function requestOf(options: RunProjectOptions) {
  const { project, criteria, budgetUsd, timeLimitSeconds, concurrency, tasks } = options;
  const whole = tasks?.map((task) => ({ dependsOn: [], validators: [], ...task }));
  return {
    project,
    criteria,
    ...defined({ budgetUsd, timeLimitSeconds, concurrency, tasks: whole }),
  };
}
