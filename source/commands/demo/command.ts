import { randomUUID } from 'node:crypto';
import { exitCodes } from '../../domain/errors.ts';
import { numberFlag, switchFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { simulatedPaths } from '../shared/cache-paths.ts';
import { listenForStop } from '../shared/stop-signals.ts';
import { putHistoryAside } from './put-aside.ts';
import { printText } from '../../dashboard/output/print.ts';

const defaultRuns = 6;
const defaultSeed = 1;
/** Slow enough to watch, quick enough to stay: the runs take well under 20 s in all. */
const watchablePace = 2;

const storyIsOver = 'The demo is over. 4: what to change, L: did learning pay, 2: routes, q: quit';

/** `orchestrator demo`: projects in the simulator, live in the dashboard, or as text in a pipe. */
export const command: Command = async ({ flags, context }) => {
  const { clock, environment, stdin, stdout, stderr } = context;
  const runs = numberFlag(flags, 'runs', { min: 1, max: 100, whole: true }) ?? defaultRuns;
  const seed = numberFlag(flags, 'seed', { min: 0, max: 2 ** 31, whole: true }) ?? defaultSeed;
  const paths = simulatedPaths(environment);
  putHistoryAside(paths);
  const ascii = switchFlag(flags, 'ascii');
  const story = { paths, runs, seed, name: `demo-${randomUUID().slice(0, 4)}`, clock };
  const shared = { context, paths, days: 30, simulated: true, ascii };
  const fullScreen =
    stdout.isTTY && stdin.isTTY && environment['TERM'] !== 'dumb' && !switchFlag(flags, 'plain');

  if (!fullScreen) {
    const stop = listenForStop(() => undefined);
    try {
      const { playStory } = await import('./play-story.ts');
      await playStory({
        ...story,
        // Nobody watches.
        pace: 0,
        signal: stop.signal,
        onRunFinished: (run) => {
          if (stderr.isTTY) printText(stderr, `simulated run ${run} of ${runs} done\n`);
        },
      });
    } finally {
      stop.dispose();
    }
    const { printDashboard } = await import('../dashboard/print-dashboard.ts');
    await printDashboard({ ...shared, view: 'overview', json: false });
    return stop.exitCode() ?? exitCodes.done;
  }

  const left = new AbortController();
  const over = Promise.withResolvers<string | null>();
  // Loaded first, so that the screen is there before the simulator and the engine.
  const { openDashboard } = await import('../dashboard/open-dashboard.ts');
  const showing = openDashboard({
    ...shared,
    refreshMs: 250,
    configPath: undefined,
    tab: undefined,
    daysGiven: true,
    announcement: over.promise,
  });
  const playing = import('./play-story.ts').then(({ playStory }) =>
    playStory({ ...story, pace: watchablePace, signal: left.signal }),
  );
  // A failure is reported when the screen is gone; until then the dashboard stays with what there is.
  void playing.then(
    () => over.resolve(left.signal.aborted ? null : storyIsOver),
    () => over.resolve(null),
  );
  try {
    await showing;
  } finally {
    left.abort();
  }
  await playing;
  return exitCodes.done;
};
