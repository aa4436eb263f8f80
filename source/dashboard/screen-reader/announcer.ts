import type { Clock } from '../../domain/runtime.ts';
import type { KeyName } from '../keys/key-name.ts';
import type { Store } from '../update/update.ts';
import { keySentence, meaningOf } from './keys.ts';
import { changesSince, type Snapshot } from './snapshot.ts';
import { createRunRegistry } from './run-registry.ts';
import { snapshotsOf } from './run-changes.ts';
import { textOf } from './text-of.ts';

/** Seconds between two sets of sentences: what happens in between is said at once. */
const quietSeconds = 3;
/** A lock that ends within so many seconds is a program that writes, and is not announced. */
const lockGraceSeconds = 2;

/** Says what a store holds, and what becomes of it. */
export type Announcer = {
  /** To be called often; says what is new, though not more than every few seconds. */
  beat: () => void;
  /** Handles a key; returns whether it was the one that leaves. */
  press: (key: KeyName) => boolean;
  /** Says what is not said yet, and then the overview: the last words. */
  conclude: () => void;
};

export function createAnnouncer(options: {
  store: Store;
  clock: Clock;
  say: (sentences: readonly string[]) => void;
  /** Two things of the view side by side. */
  compared: () => readonly string[];
  /** The run whose tasks are all told, in place of the view at the beginning. */
  watched?: string | undefined;
}): Announcer {
  const { store, clock, watched } = options;
  const { path } = store.get();
  const registry = createRunRegistry();
  let announced: Snapshot | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;
  let lockedAt: number | undefined;
  store.subscribe(() => {
    const { data, runs } = store.get();
    registry.see(runs);
    lockedAt = data.status === 'locked' ? (lockedAt ?? clock()) : undefined;
  });

  function say(sentences: readonly string[]): void {
    if (sentences.length === 0) return;
    options.say(sentences);
    saidAt = clock();
  }

  function takeSnapshot(): Snapshot {
    const { data, insight } = store.get();
    const isBrief = lockedAt !== undefined && clock() - lockedAt < lockGraceSeconds;
    const shown = isBrief ? (announced?.data ?? { status: 'loading' as const }) : data;
    return { data: shown, insight, runs: snapshotsOf(registry.take()) };
  }

  function open(): void {
    const first = takeSnapshot();
    // Of a run that was just started everything is announced.
    announced = { ...first, runs: first.runs.filter(({ projectId }) => projectId !== watched) };
    say([...(watched === undefined ? textOf(store.get()) : []), keySentence]);
    saidAt = Number.NEGATIVE_INFINITY;
  }

  function announceChanges(before: Snapshot): void {
    announced = takeSnapshot();
    const { sentences, isViewNew } = changesSince(before, announced, { path, watched });
    say(isViewNew ? [...sentences, ...textOf(store.get())] : sentences);
  }

  /** The view as it is after a key: with it all of the database is announced. */
  function sayView(key: KeyName): void {
    if (announced !== undefined) announceChanges(announced);
    store.dispatch({ type: 'key', key });
    const { data, insight } = store.get();
    announced = { data, insight, runs: announced?.runs ?? [] };
    say(textOf(store.get()));
  }

  return {
    beat() {
      if (announced === undefined) open();
      else if (clock() - saidAt >= quietSeconds) announceChanges(announced);
    },
    press(key) {
      const meaning = meaningOf(key);
      if (meaning === 'keys') say([keySentence]);
      if (meaning === 'view') sayView(key);
      if (meaning === 'compare') say(options.compared());
      return meaning === 'quit';
    },
    conclude() {
      if (announced !== undefined) announceChanges(announced);
      store.dispatch({ type: 'key', key: '1' });
      store.dispatch({ type: 'key', key: 'r' });
      say(textOf(store.get()));
    },
  };
}
