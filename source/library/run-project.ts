import process from 'node:process';
import { randomSeed } from '../commands/shared/random-seed.ts';
import { defined } from '../domain/defined.ts';
import { UsageError } from '../domain/errors.ts';
import type { RunEvent, TaskSpec } from '../domain/run-event.ts';
import { seededRandom } from '../domain/runtime.ts';
import { mostTags, readTags, type Tags } from '../domain/tags.ts';
import type { RunOutcome } from '../engine/options.ts';
import type { PreparedRun } from '../commands/run/prepare-run.ts';
import type { Configuration } from '../commands/configuration/configuration.ts';
import { openTelemetryStore } from '../telemetry/store.ts';
import type { TelemetryStore } from '../telemetry/store.ts';
import { loadConfiguration } from './configuration.ts';

/** A task of a project as a program states it; see a project file for its validators. */
export type ProjectTask = Pick<TaskSpec, 'id' | 'type' | 'prompt'> &
  Partial<Pick<TaskSpec, 'dependsOn' | 'validators'>>;

/** What a run may spend; absent: as the command does it, or as the interrupted run had it. */
export type RunLimits = {
  /** Dollars for the whole run; default 8. */
  budgetUsd?: number;
  /** Seconds; default 5,400. */
  timeLimitSeconds?: number;
  /** Tasks at once; default 3. */
  concurrency?: number;
};

/** What a run lives on. */
export type RunMeans = {
  /** Absent: what {@link loadConfiguration} finds. */
  configuration?: Configuration;
  /** Where keys come from; absent: the environment of this process. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Where the run learns from, and where it is recorded; absent: the history of the commands. */
  store?: TelemetryStore;
  /** Ends the run in order. */
  signal?: AbortSignal;
  /** Called with every event, once it is in the journal. */
  onEvent?: (event: RunEvent) => void;
};

export type RunProjectOptions = RunLimits &
  RunMeans & {
    /** What to do. */
    project: string;
    /** When it counts as done. */
    criteria: string;
    /** Tasks of your own, instead of a plan by a model. */
    tasks?: readonly ProjectTask[];
    /** The name of the run, new for each; absent: a random one. */
    projectId?: string;
    /** Simulated models: no key, no network, no money, and a history of their own. */
    simulate?: boolean;
    /** What to call the run by; 16 tags at most. */
    tags?: Tags;
  };

export type ProjectOutcome = Omit<RunOutcome, 'snapshots'> & {
  projectId: string;
  /** The answers that were accepted or were the best, by their tasks. */
  outputs: Readonly<Record<string, string>>;
  /** What the history changed in this run, in one sentence. */
  learning: string;
};

const clock = (): number => Date.now() / 1000;

/**
 * Runs a project as `orchestrator run` does, with its journal among the runs of the commands, where the
 * dashboard shows it. Rejects with an `OrchestratorError` where it cannot start: no model, a configuration
 * that nobody trusts, tasks that cannot be run.
 */
export async function runProject(options: RunProjectOptions): Promise<ProjectOutcome> {
  const { simulate: simulated = false, projectId = `p-${crypto.randomUUID().slice(0, 8)}` } =
    options;
  const environment = environmentOf(options);
  const [{ checkedProjectId, defaultLimits }, { cachePaths, simulatedPaths }] = await Promise.all([
    import('../commands/run/run-request.ts'),
    import('../commands/shared/cache-paths.ts'),
  ]);
  const { project, criteria, tasks } = await checkedTexts(options);
  const request = {
    ...defaultLimits,
    ...limitsOf(options),
    projectId: checkedProjectId(projectId, 'projectId'),
    project,
    criteria,
    ...defined({ tasks, tags: options.tags && checkedTags(options.tags) }),
  };
  const paths = simulated ? simulatedPaths(environment) : cachePaths(environment);
  return perform({ request, paths, simulated, earlier: [] }, options);
}

/**
 * Continues an interrupted run as `orchestrator run --resume ID` does: what is done and paid for stays. Rejects
 * as {@link runProject} does, and with `no-such-run` or `nothing-to-resume`.
 */
export async function resumeProject(
  projectId: string,
  options: RunLimits & RunMeans = {},
): Promise<ProjectOutcome> {
  const { resumedRun } = await import('../commands/run/prepare-run.ts');
  const { checkedProjectId } = await import('../commands/run/run-request.ts');
  const id = checkedProjectId(projectId, 'projectId');
  const terms = { limits: limitsOf(options), rewrites: false };
  return perform(resumedRun(id, terms, environmentOf(options)), options);
}

async function perform(
  { request, paths, simulated, earlier }: PreparedRun,
  means: RunMeans,
): Promise<ProjectOutcome> {
  const environment = environmentOf(means);
  const { projectId } = request;
  const [
    { connect, connectSimulator },
    { executeProject },
    { openJournal },
    { requireTrust },
    run,
  ] = await Promise.all([
    import('../commands/run/connect.ts'),
    import('../commands/run/execute-project.ts'),
    import('../engine/index.ts'),
    import('../commands/configuration/index.ts'),
    import('../domain/run-state.ts'),
  ]);
  const configuration = means.configuration ?? (await loadConfiguration({ environment }));
  if (!simulated) requireTrust(configuration);
  const connection = simulated
    ? await connectSimulator(clock)
    : await connect(configuration, environment, clock);
  const store = means.store ?? openTelemetryStore({ path: paths.database });
  const state = run.emptyRunState(projectId);
  try {
    const resume = earlier.length > 0;
    const journal = openJournal({ directory: paths.runs, projectId, resume });
    try {
      const { snapshots: _, ...executed } = await executeProject({
        request,
        connection,
        configuration,
        store,
        journal,
        state,
        earlier,
        simulated,
        clock,
        random: seededRandom(randomSeed()),
        pid: process.pid,
        signal: means.signal ?? new AbortController().signal,
        secrets: connection.secrets,
        scratchDirectory: paths.scratch,
        onEvent: means.onEvent ?? (() => {}),
      });
      await store.flush();
      return { ...executed, projectId, outputs: Object.fromEntries(state.outputs) };
    } finally {
      journal.close();
    }
  } finally {
    if (means.store === undefined) await store.close();
    await connection.close();
  }
}

/** @throws UsageError where something is no tag. */
function checkedTags(given: Tags): Record<string, string> {
  const tags = readTags(given);
  if (tags !== undefined) return Object.fromEntries(tags);
  throw new UsageError(
    `The tags are none: give up to ${mostTags} names with a line of text for each, as in {team: 'search'}.`,
  );
}

const environmentOf = ({ environment }: RunMeans): NodeJS.ProcessEnv => ({
  ...(environment ?? process.env),
});

/** What is to be done, by the rules of a project file. */
async function checkedTexts({ project, criteria, tasks }: RunProjectOptions) {
  const { checkedProject } = await import('../engine/index.ts');
  return checkedProject({ project, criteria, tasks }, () => 'runProject');
}

/** @throws UsageError where a limit is none. */
function limitsOf({ budgetUsd, timeLimitSeconds, concurrency }: RunLimits) {
  const limits = defined({ budgetUsd, timeLimitSeconds, concurrency });
  for (const [name, value] of Object.entries(limits)) {
    const isLimit = typeof value === 'number' && value > 0 && Number.isFinite(value);
    if (isLimit && (name !== 'concurrency' || Number.isInteger(value))) continue;
    throw new UsageError(`${name} ${value} is no limit: give a number above 0.`);
  }
  return limits;
}
