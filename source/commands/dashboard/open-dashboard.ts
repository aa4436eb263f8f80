import { defined } from '../../domain/defined.ts';
import { runDashboard, type DashboardOptions, type RunArchive } from '../../dashboard/index.ts';
// Not by the engine's index: the first screen needs none of the rest.
import { createRunList } from '../../engine/journal/list-runs.ts';
import { watchLiveRuns } from '../../engine/journal/live-runs.ts';
import { readRun } from '../../engine/results/read-run.ts';
import {
  isServerAddress,
  openInsightReader,
  openServerReader,
  readRunApart,
} from '../../telemetry/index.ts';
import type { CommandContext } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { commandFlags, withFlagsIn } from '../shared/command-flags.ts';
import { describeError } from '../shared/describe-error.ts';
import { ownIds } from '../shared/own-ids.ts';
import { withSharedLive, withSharedRuns } from '../shared/shared-runs.ts';
import { moneyLimits } from './money-limits.ts';
import { withRecordedRuns } from './recorded-runs.ts';
import { createRoutingView } from './routing-view.ts';
import { printText } from '../../dashboard/output/print.ts';

export type OpenDashboardOptions = {
  context: CommandContext;
  paths: CachePaths;
  days: number;
  refreshMs: number;
  simulated: boolean;
  ascii: boolean;
  configPath: string | undefined;
  tab: DashboardOptions['initialTab'] | undefined;
  daysGiven: boolean;
  /** Opens on this run, and stays on it when it has ended. */
  watchedRun?: string;
  hasRunEnded?: () => boolean;
  /** Resolves with what is to be said on the screen, see {@link DashboardOptions.announcement}. */
  announcement?: Promise<string | null>;
};

/** What the dashboard follows: a history, and the runs of this machine and of those that share it. */
function sourcesOf({
  database,
  runs: directory,
}: CachePaths): Pick<DashboardOptions, 'reader' | 'liveRuns'> & { runArchive: RunArchive } {
  const liveRuns = watchLiveRuns({ directory });
  const runArchive: RunArchive = {
    ...createRunList({ directory }),
    read: (projectId, now) => readRun({ directory, projectId, now }),
  };
  if (!isServerAddress(database)) {
    const recorded = (projectId: string) => readRunApart(database, projectId);
    return {
      reader: openInsightReader({ path: database }),
      liveRuns,
      runArchive: withRecordedRuns(runArchive, recorded),
    };
  }
  const own = ownIds({ database, runs: directory });
  const reader = openServerReader({ path: database, own });
  const { runs } = reader;
  return {
    reader,
    liveRuns: withSharedLive(liveRuns, runs, (id) => own.isOwn(id)),
    runArchive: withSharedRuns(runArchive, runs, (id) => own.isOwn(id)),
  };
}

/** Shows the dashboard on a database until the user leaves it. */
export async function openDashboard(options: OpenDashboardOptions): Promise<void> {
  const { context, paths, days, refreshMs, simulated, ascii, configPath, tab, daysGiven } = options;
  const { clock, stdin, stdout, environment, workingDirectory } = context;
  context.endInTime?.();
  if (configPath !== undefined) {
    // Before the screen changes, so that a mistake in a file that was named is reported where it can be read.
    const { loadConfiguration } = await import('../configuration/index.ts');
    await loadConfiguration({ workingDirectory, environment, path: configPath });
  }
  const { liveRuns, runArchive, ...found } = sourcesOf(paths);
  const flags = commandFlags(environment, { database: paths.database, simulated });
  const reader = withFlagsIn(found.reader, flags);
  const routing = createRoutingView({
    database: paths.database,
    isQuick: () => reader.isQuick(),
    configPath,
    workingDirectory,
    environment,
    clock,
    simulated,
  });
  try {
    await runDashboard({
      reader,
      liveRuns,
      runArchive,
      async recordOutcome({ value, sampled, ...task }) {
        const { recordOutcome } = await import('../shared/record-outcome.ts');
        const outcome = { source: 'person', value, ...defined({ sampled }) };
        await recordOutcome(paths.database, task, outcome, clock);
      },
      async outcomesOf(projectId) {
        const { outcomesOf } = await import('../shared/outcomes-of.ts');
        return outcomesOf(paths, projectId, () => undefined);
      },
      moneyLimits: () => moneyLimits({ configPath, workingDirectory, environment, simulated }),
      async judgeAgreements() {
        const { readAgreements } = await import('../shared/history-of.ts');
        return readAgreements(paths.database);
      },
      clock,
      days,
      refreshMs,
      simulated,
      preferencesPath: paths.preferences,
      flagsGiven: { days: daysGiven, tab: tab !== undefined },
      exportDirectory: workingDirectory,
      explain: routing.explain,
      whenExplained: routing.whenExplained,
      onExplained: routing.onExplained,
      configurationFor: routing.configurationFor,
      environment,
      stdin,
      stdout,
      ...defined({ initialTab: tab }),
      ...(ascii ? { ascii } : {}),
      ...defined({
        watchedRun: options.watchedRun,
        hasRunEnded: options.hasRunEnded,
        announcement: options.announcement,
      }),
    });
  } finally {
    reader.close();
    liveRuns.close();
  }
  const problem = routing.problem();
  if (problem !== undefined) {
    printText(
      context.stderr,
      `Routing could not be explained: ${describeError(problem, environment).text}`,
    );
  }
}
