import type { Clock } from '../../domain/runtime.ts';
import { createFeed } from '../data/feed.ts';
import type { DashboardOptions } from '../options.ts';
import { printText } from '../output/print.ts';
import { initialState } from '../state/state.ts';
import { createStore, type Store } from '../update/update.ts';
import { listenToKeys } from './keyboard.ts';
import { comparedLines } from './compared-lines.ts';
import { createAnnouncer } from './announcer.ts';
import { formatterFor } from './formatter.ts';

/** Seconds that the last words wait for a database which the run that ended still makes. */
const lastGraceSeconds = 3;

/**
 * Says the view, then what changes, until it is left by a key, by a signal, or because the run it
 * watches ended. Rejects with what reading throws; the terminal is given back in any case.
 */
export async function runSession(options: DashboardOptions): Promise<void> {
  const { stdin, stdout, reader, liveRuns, clock, refreshMs, watchedRun, hasRunEnded } = options;
  const format = formatterFor(options);
  const left = Promise.withResolvers<void>();
  const store = createStore(
    initialState({
      size: { columns: 80, rows: 24 },
      days: options.days,
      theme: 'plain',
      simulated: options.simulated,
      path: reader.path,
      now: clock(),
      tab: options.initialTab ?? 'overview',
    }),
    ({ type }) => {
      if (type === 'read') feed.read();
      if (type === 'ask-routes') feed.readRoutes();
    },
  );
  const readLimits = async (): Promise<void> => {
    const limits = await options.moneyLimits?.();
    if (limits !== undefined) store.dispatch({ type: 'limits', limits });
  };
  void readLimits().catch(left.reject);
  const announcer = createAnnouncer({
    store,
    clock,
    say: (sentences) => printText(stdout, format(sentences)),
    watched: watchedRun,
    compared: () => comparedLines(store.get(), options.runArchive, clock()),
  });
  const isOver = endOf(watchedRun, hasRunEnded, store, clock);
  const feed = createFeed({
    reader,
    liveRuns,
    explain: options.explain,
    whenExplained: options.whenExplained,
    onExplained: options.onExplained,
    clock,
    refreshMs,
    store,
    onBeat() {
      announcer.beat();
      if (!isOver()) return;
      announcer.conclude();
      left.resolve();
    },
    onError: left.reject,
  });
  const stopListening = listenToKeys(stdin, {
    onKey(key) {
      if (announcer.press(key)) left.resolve();
    },
    onEnd: left.resolve,
  });
  try {
    feed.start();
    await left.promise;
  } finally {
    feed.stop();
    stopListening();
  }
}

/** Whether the run that is watched has ended, and the database can be read after it. */
function endOf(
  projectId: string | undefined,
  isKnownToHaveEnded: (() => boolean) | undefined,
  store: Store,
  clock: Clock,
): () => boolean {
  let wasSeen = false;
  let endedAt: number | undefined;
  return () => {
    if (projectId === undefined) return false;
    const { runs, data } = store.get();
    const run = runs.find((candidate) => candidate.projectId === projectId);
    wasSeen ||= run !== undefined;
    const hasEnded = run === undefined ? wasSeen : run.finished !== undefined;
    if (!hasEnded && isKnownToHaveEnded?.() !== true) return false;
    endedAt ??= clock();
    const isReadable = data.status === 'ready' || data.status === 'empty';
    return isReadable || clock() - endedAt >= lastGraceSeconds;
  };
}
