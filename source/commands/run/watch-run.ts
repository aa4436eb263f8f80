import type { CommandContext } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';

/**
 * Shows a run of this process in the dashboard until it ends, or until the user leaves, which does
 * not stop it.
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
    tab: 'live',
    leaveWhenRunEnds: projectId,
    hasRunEnded: () => hasEnded,
  });
}
