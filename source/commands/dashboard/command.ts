import type { Command } from '../command-line/specification.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import { exitCodes } from '../../domain/errors.ts';
import { cachePaths, isSimulatedDatabase } from '../shared/cache-paths.ts';

const defaultDays = 30;
const defaultRefreshMs = 250;

/** `orchestrator dashboard`: full screen in a terminal, text in a pipe. */
export const command: Command = async ({ flags, context }) => {
  const { stdout, environment } = context;
  const days = numberFlag(flags, 'days', { min: 1, max: 3650, whole: true });
  const refreshMs = numberFlag(flags, 'refresh', { min: 50, max: 60_000, whole: true });
  const paths = cachePaths(environment, textFlag(flags, 'db'));
  const view = switchFlag(flags, 'byTask')
    ? 'by-task'
    : switchFlag(flags, 'cost')
      ? 'cost'
      : undefined;
  const shared = {
    paths,
    days: days ?? defaultDays,
    simulated: isSimulatedDatabase(environment, paths.database),
    ascii: switchFlag(flags, 'ascii'),
  };
  const json = switchFlag(flags, 'json');
  const configPath = textFlag(flags, 'config');
  const isText = json || switchFlag(flags, 'plain') || environment['TERM'] === 'dumb';
  // Asked last: nothing else opens the input.
  if (isText || !stdout.isTTY || !context.stdin.isTTY) {
    // Separate, since Ink would take longer to load than all of this takes to run.
    const { printDashboard } = await import('./print-dashboard.ts');
    await printDashboard({ ...shared, view: view ?? 'overview', json, configPath, context });
    return exitCodes.done;
  }
  const { openDashboard } = await import('./open-dashboard.ts');
  await openDashboard({
    ...shared,
    context,
    refreshMs: refreshMs ?? defaultRefreshMs,
    configPath,
    tab: view === 'by-task' ? 'routes' : view,
    daysGiven: days !== undefined,
  });
  return exitCodes.done;
};
