import { setTimeout as sleep } from 'node:timers/promises';
import { render } from 'ink';
import { messageOf } from '../domain/errors.ts';
import { App, type AppControls } from './app.tsx';
import {
  announce,
  createStyles,
  createWatchedRun,
  followNews,
  forgetMessages,
  readLimits,
  stateAtStart,
} from './at-start.ts';
import { createFeed } from './data/feed.ts';
import { loadPreferences } from './data/preferences.ts';
import { perform, saveChanges } from './effects.ts';
import type { Input } from './keys/decode.ts';
import { openKeyboard } from './keys/keyboard.ts';
import type { DashboardOptions } from './options.ts';
import { wantsScreenReader } from './screen-reader/wants-screen-reader.ts';
import type { Effect } from './update/action.ts';
import { scrollRoom } from './panes/scroll-room.ts';
import { createStore } from './update/update.ts';
import { TerminalOutput } from './terminal/output.ts';
import { favourMemory } from './terminal/small-heap.ts';
import { showFileInProgram } from './terminal/show-file.ts';
import { suspendToShell } from './terminal/suspend.ts';

/** How long what just happened is said, in milliseconds. */
const messageMs = 5000;
/** One that nobody's key has called for may be read later. */
const announcementMs = 60_000;
/** Frames a second at most: Ink's own 30 would alone take 33 ms of a key's way to the screen. */
const maxFps = 60;
/** How long a terminal may take to say what its background is. */
const answerSeconds = 0.25;

/**
 * Shows the dashboard on the alternate screen until it is left by a key, by a signal, or because
 * stdin ended. Resolves when the terminal is as it was; rejects, also then, with what
 * was thrown while drawing or reading.
 */
export async function runDashboard(options: DashboardOptions): Promise<void> {
  const { environment, stdin, stdout } = options;
  if (wantsScreenReader(environment)) {
    const { speakDashboard } = await import('./screen-reader/index.ts');
    await speakDashboard(options);
    return;
  }
  const remembered = loadPreferences(options.preferencesPath);
  const styleFor = createStyles(options);
  const output = new TerminalOutput(stdout, (size) => {
    instance.clear();
    store.dispatch({ type: 'resized', size });
  });
  let controls: AppControls | undefined;
  let failure: { error: unknown } | undefined;
  let askedAt: number | undefined;

  const leave = (error?: unknown): void => {
    if (error !== undefined) failure ??= { error };
    if (controls === undefined) instance.unmount();
    else controls.exit();
  };
  const preferences = { areChanged: false };
  const redraw = (): void => output.wipe();
  const act = (effect: Effect): void =>
    perform(effect, {
      options,
      store,
      feed,
      preferences,
      redraw,
      showFile(path) {
        if (controls === undefined) return;
        const { suspendTerminal } = controls;
        showFileInProgram(path, { environment, suspendTerminal, keyboard }).catch(
          (error: unknown) => store.dispatch({ type: 'message', message: messageOf(error) }),
        );
      },
      quit: () => leave(),
      suspend() {
        if (controls !== undefined) suspendToShell(controls.suspendTerminal, keyboard).catch(leave);
      },
    });
  const store = createStore(stateAtStart(options, remembered, output), act, (state) =>
    scrollRoom(state, styleFor(state)),
  );
  const context = { options, store, act };
  const readWatched = createWatchedRun({ ...context, leave });
  followNews(context);
  const announced = announce(options, store);
  void readLimits(options, store).catch(leave);
  const feed = createFeed({
    ...options,
    numbersFirst: true,
    store,
    onBeat: readWatched,
    onError: leave,
  });

  // So the first frame has its numbers; where they take longer, it says that they are being read.
  feed.read();
  // Before the first frame, lest keys typed meanwhile are echoed into it.
  const keyboard = openKeyboard(stdin, {
    onInput(inputs: readonly Input[]) {
      for (const input of inputs) {
        if (input.type === 'background') askedAt = undefined;
        store.dispatch(input);
      }
    },
    onEnd: () => leave(),
  });
  const instance = render(
    <App
      store={store}
      subscribe={output.whileWritable(store.subscribe)}
      styleFor={styleFor}
      onReady={(given) => {
        controls = given;
      }}
      onUnmount={() => {
        // Here, since a signal or a terminal that is closed leaves nothing after it.
        saveChanges({ options, store, preferences });
        keyboard.release();
      }}
    />,
    {
      stdout: output,
      stdin,
      alternateScreen: true,
      incrementalRendering: true,
      interactive: true,
      exitOnCtrlC: false,
      maxFps,
    },
  );
  if (remembered.theme === undefined && answersQueries(environment)) {
    act({ type: 'ask-background' });
    askedAt = options.clock();
  }
  const gone = (): void => leave();
  stdout.on('error', gone);
  const stopMessages = forgetMessages(store, (message) =>
    message === announced() ? announcementMs : messageMs,
  );
  const start = setImmediate(() => {
    favourMemory();
    feed.start();
    act({ type: 'list-runs' });
  });
  try {
    await instance.waitUntilExit();
  } finally {
    clearImmediate(start);
    // An answer that comes when the shell reads again would stand in its line.
    if (askedAt !== undefined && options.clock() - askedAt < answerSeconds) {
      await sleep(answerSeconds * 1000);
    }
    feed.stop();
    stopMessages();
    keyboard.release();
    output.release();
    stdout.off('error', gone);
  }
  if (failure !== undefined) throw failure.error;
}

/** Consoles that show a query as text, and what is no terminal at all, are not asked. */
const answersQueries = ({ TERM: term = 'dumb' }: NodeJS.ProcessEnv): boolean =>
  term !== 'dumb' && term !== 'linux';
