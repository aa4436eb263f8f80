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
const wholeScreen = {
  alternateScreen: true,
  incrementalRendering: true,
  interactive: true,
  exitOnCtrlC: false,
  maxFps,
};
/** How long a terminal may take to say what its background is. */
const answerSeconds = 0.25;

/**
 * Shows the dashboard on the alternate screen until it is left by a key, by a signal, or because
 * stdin ended. Resolves when the terminal is as it was; rejects, also then, with what
 * was thrown while drawing or reading.
 */
export async function runDashboard(options: DashboardOptions): Promise<void> {
  if (wantsScreenReader(options.environment)) {
    const { speakDashboard } = await import('./screen-reader/index.ts');
    await speakDashboard(options);
  } else await drawDashboard(options);
}

async function drawDashboard(options: DashboardOptions): Promise<void> {
  const { environment, stdin, stdout } = options;
  const remembered = loadPreferences(options.preferencesPath);
  const styleFor = createStyles(options);
  const output = new TerminalOutput(stdout, (size) => {
    instance.clear();
    store.dispatch({ type: 'resized', size });
  });
  const exit = createExit(() => instance.unmount());
  const { leave } = exit;
  const background = createBackgroundQuestion(options);
  const preferences = { areChanged: false };
  const redraw = (): void => output.wipe();
  const act = (effect: Effect): void =>
    perform(effect, {
      options,
      store,
      feed,
      preferences,
      redraw,
      showFile: (path) =>
        exit.handOver(
          (suspendTerminal) => showFileInProgram(path, { environment, suspendTerminal, keyboard }),
          (error) => store.dispatch({ type: 'message', message: messageOf(error) }),
        ),
      quit: () => leave(),
      suspend: () =>
        exit.handOver((suspendTerminal) => suspendToShell(suspendTerminal, keyboard), leave),
    });
  const store = createStore(stateAtStart(options, remembered, output), act, (state) =>
    scrollRoom(state, styleFor(state)),
  );
  const context = { options, store, act };
  const onBeat = createWatchedRun({ ...context, leave });
  followNews(context);
  const announced = announce(options, store);
  void readLimits(options, store).catch(leave);
  const feed = createFeed({ ...options, numbersFirst: true, store, onBeat, onError: leave });

  // So the first frame has its numbers; where they take longer, it says that they are being read.
  feed.read();
  // Before the first frame, lest keys typed meanwhile are echoed into it.
  const keyboard = openKeyboard(stdin, {
    onInput(inputs: readonly Input[]) {
      for (const input of inputs) {
        if (input.type === 'background') background.answered();
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
      onReady={exit.ready}
      onUnmount={() => {
        // Here, since a signal or a terminal that is closed leaves nothing after it.
        saveChanges({ options, store, preferences });
        keyboard.release();
      }}
    />,
    { stdout: output, stdin, ...wholeScreen },
  );
  if (remembered.theme === undefined) background.ask(() => act({ type: 'ask-background' }));
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
    await background.wait();
    feed.stop();
    stopMessages();
    keyboard.release();
    output.release();
    stdout.off('error', gone);
  }
  exit.rethrow();
}

/** Leaving the dashboard, for a while or for good: by what is drawn, once that is there. */
function createExit(unmount: () => void) {
  let controls: AppControls | undefined;
  let failure: { error: unknown } | undefined;
  return {
    ready: (given: AppControls): void => {
      controls = given;
    },
    /** Lets another program have the terminal; before the first frame nothing happens. */
    handOver(
      use: (suspendTerminal: AppControls['suspendTerminal']) => Promise<unknown>,
      onFailure: (error: unknown) => void,
    ): void {
      if (controls !== undefined) use(controls.suspendTerminal).catch(onFailure);
    },
    /** With an error if something failed; the first one counts. */
    leave: (error?: unknown): void => {
      if (error !== undefined) failure ??= { error };
      if (controls === undefined) unmount();
      else controls.exit();
    },
    rethrow(): void {
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** The terminal is asked what its background is, if it can be; it may answer later, or never. */
function createBackgroundQuestion({ environment, clock }: DashboardOptions) {
  let askedAt: number | undefined;
  return {
    ask(act: () => void): void {
      if (!answersQueries(environment)) return;
      act();
      askedAt = clock();
    },
    answered(): void {
      askedAt = undefined;
    },
    /** An answer that comes when the shell reads again would stand in its line. */
    async wait(): Promise<void> {
      if (askedAt !== undefined && clock() - askedAt < answerSeconds) {
        await sleep(answerSeconds * 1000);
      }
    },
  };
}

/** Consoles that show a query as text, and what is no terminal at all, are not asked. */
const answersQueries = ({ TERM: term = 'dumb' }: NodeJS.ProcessEnv): boolean =>
  term !== 'dumb' && term !== 'linux';
