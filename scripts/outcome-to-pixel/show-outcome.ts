/**
 * Records outcomes as a run does, and draws the screen of the dashboard; ends with 0 where the rankings show
 * their quality. Runs as JavaScript beside the translated sources of a checkout, which need not be this
 * one: what has moved since is looked for where it was.
 *
 * `rows`: outcome after outcome is recorded and shown. `sums`: there are so many that closed days are summed
 * up; then the rows are told to score otherwise, so that only who reads the sums still shows the number.
 */
import Database from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { renderToString } from 'ink';
import { createElement } from 'react';
import type * as RecordModule from '../../source/commands/run/record-telemetry.ts';
import type * as AppModule from '../../source/dashboard/app.tsx';
import type * as FeedModule from '../../source/dashboard/data/feed.ts';
import type * as StateModule from '../../source/dashboard/state/state.ts';
import type * as StyleModule from '../../source/dashboard/theme/render-style.ts';
import type * as StoreModule from '../../source/dashboard/update/update.ts';
import type * as TelemetryModule from '../../source/telemetry/index.ts';
import type * as ReaderModule from '../../source/telemetry/insight-reader.ts';
import type { RunEventOf } from '../../source/domain/run-event.ts';

const [, , way = '', count = '', home = ''] = process.argv;

/** The ends of the threads that write: what they called is counted when they end, not when they are closed. */
const ended: Promise<void>[] = [];
process.on('worker', (thread) => {
  ended.push(new Promise((done) => void thread.once('exit', () => done())));
});

type StyleOf = (typeof StyleModule)['renderStyleOf'];
type Sources = {
  record: typeof RecordModule;
  telemetry: typeof TelemetryModule;
  reader: typeof ReaderModule;
  feed: typeof FeedModule;
  store: typeof StoreModule;
  state: typeof StateModule;
  app: typeof AppModule;
  style: typeof StyleModule;
};
const places: Record<keyof Sources, readonly string[]> = {
  record: ['commands/run/record-telemetry'],
  telemetry: ['telemetry/index'],
  reader: ['telemetry/insight-reader'],
  feed: ['dashboard/data/feed'],
  store: ['dashboard/update/store', 'dashboard/state/store', 'dashboard/update/update'],
  state: ['dashboard/state/state'],
  app: ['dashboard/app'],
  style: ['dashboard/theme/render-style', 'dashboard/theme/look'],
};

async function load<Name extends keyof Sources>(name: Name): Promise<Sources[Name]> {
  const files = places[name].map((place) => new URL(`source/${place}.js`, import.meta.url));
  const file = files.find((url) => existsSync(url)) ?? files[0];
  return import(String(file));
}

const { recordTelemetry } = await load('record');
const { openTelemetryStore } = await load('telemetry');
const { openInsightReader } = await load('reader');
const { createFeed } = await load('feed');
const { createStore } = await load('store');
const { initialState } = await load('state');
const { Screen } = await load('app');
const styles: { renderStyleOf?: StyleOf; lookOf?: StyleOf } = await load('style');
const styleOf = styles.renderStyleOf ?? styles.lookOf;
if (styleOf === undefined) throw new Error('nothing says how a screen is drawn');

const path = `${home}/telemetry.db`;
const daySeconds = 86_400;
const today = Date.now() / 1000;
let now = today;
const clock = (): number => now;
const size = { columns: 90, rows: 16 };

const store = openTelemetryStore({ path, now: clock });
const record = recordTelemetry(store, new Set());
const reader = openInsightReader({ path, now: clock, waits: true });
const screen = createStore(
  initialState({ size, days: 30, theme: 'dark', simulated: false, path, now }),
  () => {},
);
const feed = createFeed({
  reader,
  liveRuns: { read: () => [], close() {} },
  explain: undefined,
  clock,
  refreshMs: 1000,
  store: screen,
  onError(error) {
    throw error;
  },
});
const style = styleOf({ theme: 'dark', depth: 1, ascii: false });

const finished = (taskId: string): RunEventOf<'task-finished'> => ({
  type: 'task-finished',
  projectId: 'p',
  at: now,
  status: 'accepted',
  result: {
    taskId,
    taskType: 'code_generation',
    model: 'marked',
    score: 0.7,
    costUsd: 0.01,
    iterations: 12,
    deterministicPassed: true,
  },
});

function draw(): string {
  feed.read();
  const props = { state: screen.get(), style, look: style };
  return renderToString(createElement(Screen, props), { columns: size.columns });
}

async function closeStore(): Promise<void> {
  await store.close();
  await Promise.all(ended);
}

async function alongRows(): Promise<string> {
  let text = '';
  for (let index = 0; index < Number(count); index += 1) {
    record(finished(`t${index}`));
    await store.flush();
    now += 1;
    text = draw();
  }
  await closeStore();
  return text;
}

async function alongSums(): Promise<string> {
  for (let day = 12; day > 2; day -= 1) {
    now = today - day * daySeconds;
    for (let index = 0; index < 900; index += 1) record(finished(`t${day}-${index}`));
    await store.flush();
  }
  await closeStore();
  now = today;
  const database = new Database(path);
  database.exec('UPDATE routing_events SET score = 0.1 WHERE id BETWEEN 2 AND 4000');
  database.close();
  return draw();
}

const text = way === 'sums' ? await alongSums() : await alongRows();
const plain = text
  .split('\u001B')
  .join('')
  .replaceAll(/\[[\d;]*m/g, '');
console.log(plain);
process.exit(/marked.*0\.70/.test(plain) ? 0 : 1);
