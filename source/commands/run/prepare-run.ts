import { defined } from '../../domain/defined.ts';
import { OrchestratorError, UsageError } from '../../domain/errors.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import {
  hasJournal,
  journalPath,
  readJournal,
  readPipedProject,
  readProjectFile,
  readResultsRecord,
  runDirectory,
} from '../../engine/index.ts';
import { mostTags } from '../../domain/tags.ts';
import { userPath } from '../../files/user-path.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { CommandContext, FlagValues } from '../command-line/specification.ts';
import { cachePaths, simulatedPaths, type CachePaths } from '../shared/cache-paths.ts';
import { tagFlags } from '../shared/tag-flags.ts';
import { askForProject } from './ask-for-project.ts';
import { tagsAfter } from './record-telemetry.ts';
import {
  checkedProjectId,
  defaultLimits,
  limitFlags,
  newProjectId,
  runSource,
  type RunRequest,
} from './run-request.ts';

export type PreparedRun = {
  request: RunRequest;
  paths: CachePaths;
  simulated: boolean;
  /** The events of interrupted earlier parts of this run; empty for a new run. */
  earlier: RunEvent[];
};

/**
 * What is to be run, and where its history lies.
 *
 * @throws UsageError or OrchestratorError before anything is written.
 */
export async function prepareRun(flags: FlagValues, context: CommandContext): Promise<PreparedRun> {
  const { environment, workingDirectory } = context;
  const limits = { ...limitFlags(flags), ...defined({ tags: tagFlags(flags) }) };
  const source = runSource(flags, canAsk(flags, context));
  const named = textFlag(flags, 'projectId');
  const projectId = named === undefined ? newProjectId() : checkedProjectId(named, '--project-id');
  const simulated = switchFlag(flags, 'simulate');
  const paths = simulated ? simulatedPaths(environment) : cachePaths(environment);
  switch (source.kind) {
    case 'resume': {
      const rewrites = textFlag(flags, 'outputDir') !== undefined;
      return resumedRun(source.projectId, { limits, rewrites }, environment);
    }
    case 'file': {
      const { project, criteria, budget, time, concurrency, tasks, tags } =
        source.path === '-'
          ? await readPipedProject(context.stdin)
          : readProjectFile(userPath(source.path, workingDirectory));
      const request: RunRequest = {
        projectId,
        project,
        criteria,
        budgetUsd: limits.budgetUsd ?? budget ?? defaultLimits.budgetUsd,
        timeLimitSeconds: limits.timeLimitSeconds ?? time ?? defaultLimits.timeLimitSeconds,
        concurrency: limits.concurrency ?? concurrency ?? defaultLimits.concurrency,
        ...defined({ tasks, tags: bothTags(tags, limits.tags) }),
      };
      return { request, paths, simulated, earlier: [] };
    }
    case 'text': {
      const { project, criteria } = source;
      const request = { projectId, project, criteria, ...defaultLimits, ...limits };
      return { request, paths, simulated, earlier: [] };
    }
    case 'ask': {
      const answers = await askForProject(context);
      const request = { projectId, ...defaultLimits, ...answers, ...limits };
      return { request, paths, simulated, earlier: [] };
    }
  }
}

/** Those of a project file and those of the command line, which come first. */
function bothTags(
  inFile: Readonly<Record<string, string>> | undefined,
  given: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  const tags = { ...inFile, ...given };
  const count = Object.keys(tags).length;
  if (count > mostTags) {
    throw new UsageError(
      `The run would have ${count} tags with those of its project file: leave some out, ${mostTags} at most in all.`,
    );
  }
  return count === 0 ? undefined : tags;
}

/** Whether questions will be asked before the run: in a terminal, and where nothing was given. */
export function willAsk(flags: FlagValues, context: CommandContext): boolean {
  return canAsk(flags, context) && runSource(flags, true).kind === 'ask';
}

/** Whether somebody is there to answer questions. */
export function canAsk(flags: FlagValues, { stdin, stderr }: CommandContext): boolean {
  return stdin.isTTY && stderr.isTTY && !switchFlag(flags, 'json');
}

/**
 * A run is continued where it began: the simulator's with the simulator, the user's with the user's models.
 *
 * @throws OrchestratorError `no-such-run`, `nothing-to-resume`.
 */
export function resumedRun(
  projectId: string,
  {
    limits,
    rewrites,
  }: {
    limits: Partial<RunRequest>;
    /** Its results are wanted in a folder: also of a run that has ended, without a call to any model. */
    rewrites: boolean;
  },
  environment: NodeJS.ProcessEnv,
): PreparedRun {
  const places = [cachePaths(environment), simulatedPaths(environment)];
  const paths = places.find(({ runs }) => hasJournal(runs, projectId));
  const earlier = paths === undefined ? [] : readJournal(journalPath(paths.runs, projectId));
  const started = earlier.find(
    (event): event is RunEventOf<'run-started'> => event.type === 'run-started',
  );
  if (paths === undefined || started === undefined) {
    throw new OrchestratorError(
      'no-such-run',
      `There is no run ${projectId} to resume: give the id that the interrupted run printed, or start a new one with --project.`,
    );
  }
  if (started.comparison === true) {
    throw new OrchestratorError(
      'no-project',
      `The run ${projectId} compares two models and is no project to resume: start it again with orchestrator compare.`,
    );
  }
  const end = earlier.findLast(
    (event) => event.type === 'run-finished' || event.type === 'run-started',
  );
  // What succeeded is done, however often it is asked for: scripts resume until it succeeds.
  if (end?.type === 'run-finished' && !end.resumable && !rewrites && end.status !== 'success') {
    const directory = runDirectory(paths.runs, projectId);
    throw new OrchestratorError(
      'nothing-to-resume',
      `The run ${projectId} has ended (${end.status}) and left nothing to resume: start a new one with --project, or have its results written to another folder with --output-dir.\nResults: ${readResultsRecord(directory).directory ?? directory}`,
    );
  }
  const { project, criteria, budgetUsd, timeLimitSeconds, concurrency, simulated } = started;
  const said = { ...tagsAfter(earlier), ...limits.tags };
  if (Object.keys(said).length > mostTags) {
    throw new UsageError(
      `The run ${projectId} would have ${Object.keys(said).length} tags with those of its earlier parts: leave --tag out, or give only names that it has, ${mostTags} at most in all.`,
    );
  }
  const request = {
    projectId,
    project,
    criteria,
    budgetUsd,
    timeLimitSeconds,
    concurrency,
    ...limits,
    ...(Object.keys(said).length > 0 ? { tags: said } : {}),
  };
  return { request, paths, simulated, earlier };
}
