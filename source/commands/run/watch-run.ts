import type { CommandContext } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';

/**
 * Shows a run of this process in the dashboard until the user leaves, which does not stop it; one that has
 * ended stays on the screen till then.
 */
export async function watchRun(options: {
  projectId: string;
  /** Settles when it has ended. */
  running: Promise<unknown>;
  paths: CachePaths;
  simulated: boolean;
  configPath: string | undefined;
  context: CommandContext;
}): Promise<void> {
  const { projectId, running, ...rest } = options;
  let hasEnded = false;
  const end = (): void => {
    hasEnded = true;
  };
  running.then(end, end);
  const { openDashboard } = await import('../dashboard/open-dashboard.ts');
  await openDashboard({
    ...rest,
    days: 30,
    daysGiven: false,
    refreshMs: 250,
    ascii: false,
    tab: 'runs',
    watchedRun: projectId,
    hasRunEnded: () => hasEnded,
  });
}
