import { afterEach, expect, it, vi } from 'vitest';
import type { InsightReader, InsightReading } from '../../../source/domain/insight.ts';
import { createFeed } from '../../../source/dashboard/data/feed.ts';
import { initialState } from '../../../source/dashboard/state/state.ts';
import { createStore } from '../../../source/dashboard/update/update.ts';
import { oneModelInsight } from '../../support/insight.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('looks for a long history more often than for changes, until it can be read', () => {
  vi.useFakeTimers();
  const now = 1_772_366_400;
  const path = 'telemetry.db';
  let reading: InsightReading = { status: 'loading' };
  const read = vi.fn<() => InsightReading>(() => reading);
  const size = { columns: 100, rows: 30 };
  const store = createStore(
    initialState({ size, days: 30, theme: 'dark', simulated: false, path, now }),
    () => {},
  );
  const feed = createFeed({
    reader: {
      path,
      read,
      changed: () => false,
      isQuick: () => false,
      modelDetail: () => undefined,
      lastTasks: () => undefined,
      close() {},
    },
    liveRuns: { read: () => [], close() {} },
    explain: undefined,
    clock: () => now,
    refreshMs: 1000,
    store,
    onError(error) {
      throw error;
    },
  });
  feed.start();
  vi.advanceTimersByTime(100);
  expect(read.mock.calls.length).toBeGreaterThan(1);

  reading = { status: 'ready', insight: oneModelInsight() };
  vi.advanceTimersByTime(100);
  expect(store.get().data.status).toBe('ready');
  const reads = read.mock.calls.length;
  vi.advanceTimersByTime(900);
  expect(read).toHaveBeenCalledTimes(reads);
  feed.stop();
});

it('shows the numbers of a window first and its advice with the next look', () => {
  vi.useFakeTimers();
  const now = 1_772_366_400;
  const path = 'telemetry.db';
  const insight = oneModelInsight();
  const read = vi.fn<InsightReader['read']>((_days, { advice } = { advice: true }) => ({
    status: 'ready',
    insight: advice ? insight : { ...insight, recommendations: [], adviceFollows: true },
  }));
  const size = { columns: 100, rows: 30 };
  const store = createStore(
    initialState({ size, days: 30, theme: 'dark', simulated: false, path, now }),
    () => {},
  );
  const follows = (): boolean => store.get().insight?.adviceFollows === true;
  const feed = createFeed({
    reader: {
      path,
      read,
      changed: follows,
      isQuick: () => true,
      modelDetail: () => undefined,
      lastTasks: () => undefined,
      close() {},
    },
    liveRuns: { read: () => [], close() {} },
    explain: undefined,
    clock: () => now,
    refreshMs: 60_000,
    numbersFirst: true,
    store,
    onError(error) {
      throw error;
    },
  });
  feed.read();
  expect(follows()).toBe(true);
  feed.start();
  expect(follows()).toBe(false);
  expect(store.get().insight?.recommendations).toEqual(insight.recommendations);
  feed.stop();
});
