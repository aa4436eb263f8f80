import { renderToString } from 'ink';
import { Screen } from '../../source/dashboard/app.tsx';
import { createFeed } from '../../source/dashboard/data/feed.ts';
import { perform, saveChanges } from '../../source/dashboard/effects.ts';
import type { DashboardOptions } from '../../source/dashboard/options.ts';
import type { Effect } from '../../source/dashboard/update/action.ts';
import { initialState, type AppState } from '../../source/dashboard/state/state.ts';
import { scrollRoom } from '../../source/dashboard/panes/scroll-room.ts';
import { createStore, type Store } from '../../source/dashboard/update/update.ts';
import {
  renderStyleOf,
  type ColourDepth,
  type ThemeName,
} from '../../source/dashboard/theme/index.ts';
import type { Insight, InsightReader, InsightReading } from '../../source/domain/insight.ts';
import type { RunState } from '../../source/domain/run-state.ts';
import { detailOf, lastTasksOf, someNow } from './insight.ts';
import { explainReading } from './scenario.ts';
import { linesOf, newScreen } from './terminal.ts';

export type SessionOptions = {
  columns?: number;
  rows?: number;
  reading?: InsightReading;
  insight?: Insight;
  runs?: readonly RunState[];
  simulated?: boolean;
  options?: Partial<DashboardOptions>;
};

export type Session = {
  store: Store;
  state: () => AppState;
  /** Presses keys by their names. */
  press: (...keys: string[]) => void;
  /** Saves what is to be remembered. */
  leave: () => void;
  /** What the program asked of the terminal or of its user: copied texts, quit, suspend, redraw. */
  asked: string[];
  /** What reading comes to from now on, and reads it. */
  read: (reading: InsightReading) => void;
  now: { seconds: number };
};

/** The dashboard without a terminal: the real store, feed and effects on a reading in memory. */
export function openSession(given: SessionOptions = {}): Session {
  const asked: string[] = [];
  const preferences = { areChanged: false };
  const now = { seconds: someNow };
  let reading: InsightReading =
    given.reading ??
    (given.insight === undefined
      ? { status: 'missing' }
      : { status: 'ready', insight: given.insight });
  let isNews = true;
  const reader: InsightReader = {
    path: '/home/user/.orchestrator_cache/telemetry.db',
    changed: () => isNews,
    read(days) {
      isNews = false;
      if (!('insight' in reading)) return reading;
      const { insight } = reading;
      return {
        ...reading,
        insight: { ...insight, paceDays: days, window: { ...insight.window, days } },
      };
    },
    isQuick: () => true,
    modelDetail: (model) => ('insight' in reading ? detailOf(reading.insight, model) : undefined),
    lastTasks: (taskType) =>
      'insight' in reading ? lastTasksOf(reading.insight, taskType) : undefined,
    close() {},
  };
  const options: DashboardOptions = {
    reader,
    liveRuns: { read: () => given.runs ?? [], close() {} },
    clock: () => now.seconds,
    days: 30,
    refreshMs: 250,
    simulated: given.simulated ?? false,
    preferencesPath: '/dev/null/dashboard.json',
    flagsGiven: { days: false, tab: false },
    exportDirectory: '/dev/null',
    explain: explainReading(() => reading),
    environment: {},
    stdin: process.stdin,
    stdout: Object.assign(Object.create(process.stdout), {
      write(text: string) {
        asked.push(text);
        return true;
      },
    }),
    ...given.options,
  };
  const store = createStore(
    initialState({
      size: { columns: given.columns ?? 120, rows: given.rows ?? 40 },
      days: 30,
      theme: 'dark',
      simulated: options.simulated,
      path: reader.path,
      now: now.seconds,
    }),
    (effect: Effect) =>
      perform(effect, {
        options,
        store,
        feed,
        preferences,
        quit: () => asked.push('quit'),
        suspend: () => asked.push('suspend'),
        redraw: () => asked.push('redraw'),
        showFile: (path) => asked.push(`show ${path}`),
      }),
    (state) => scrollRoom(state, renderStyleOf({ theme: state.theme, depth: 1, ascii: false })),
  );
  const feed = createFeed({
    reader: options.reader,
    liveRuns: options.liveRuns,
    explain: options.explain,
    onExplained: options.onExplained,
    clock: options.clock,
    refreshMs: 1e9,
    store,
    onError(error) {
      throw error;
    },
  });
  // One beat, and no more by itself.
  feed.start();
  feed.stop();
  return {
    store,
    state: store.get,
    press(...keys) {
      for (const key of keys) store.dispatch({ type: 'key', key });
    },
    leave: () => saveChanges({ options, store, preferences }),
    asked,
    read(next) {
      reading = next;
      isNews = true;
      feed.read();
    },
    now,
  };
}

export type DrawOptions = { theme?: ThemeName; depth?: ColourDepth; ascii?: boolean };

/** The frame of a state as the bytes that Ink would write. */
export function frameOf(state: AppState, options: DrawOptions = {}): string {
  const style = renderStyleOf({
    theme: options.theme ?? state.theme,
    depth: options.depth ?? 1,
    ascii: options.ascii ?? false,
  });
  return renderToString(<Screen state={state} style={style} />, { columns: state.size.columns });
}

/** The frame as a terminal of that size shows it. */
export async function screenOf(state: AppState, options: DrawOptions = {}): Promise<string[]> {
  const { columns, rows } = state.size;
  const screen = newScreen(columns, rows);
  await new Promise<void>((resolve) => {
    screen.write(frameOf(state, options).replaceAll('\n', '\r\n'), resolve);
  });
  const lines = linesOf(screen);
  screen.dispose();
  return lines;
}
