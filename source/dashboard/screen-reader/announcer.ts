import type { Clock } from '../../domain/runtime.ts';
import type { KeyName } from '../keys/key-name.ts';
import type { Store } from '../update/update.ts';
import { keySentence, meaningOf } from './keys.ts';
import { changesSince, type Snapshot } from './snapshot.ts';
import { createRunRegistry } from './run-registry.ts';
import { snapshotsOf } from './run-changes.ts';
import { openTaskType, type AppState } from '../state/state.ts';
import { chosenRouteLines, openRouteLines } from './route-lines.ts';
import { textOf } from './text-of.ts';

/** Seconds between two sets of sentences: what happens in between is said at once. */
const quietSeconds = 3;
/** A lock that ends within so many seconds is a program that writes, and is not announced. */
const lockGraceSeconds = 2;

/** The view of a store, or the route that is open in it. */
const viewOf = (state: AppState): string[] =>
  textOf(
    openTaskType(state) === undefined ? state : { ...state, open: () => openRouteLines(state) },
  );

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
    say([...(watched === undefined ? viewOf(store.get()) : []), keySentence]);
    saidAt = Number.NEGATIVE_INFINITY;
  }

  function announceChanges(before: Snapshot): void {
    announced = takeSnapshot();
    const { sentences, isViewNew } = changesSince(before, announced, { path, watched });
    say(isViewNew ? [...sentences, ...viewOf(store.get())] : sentences);
  }

  /** The view as it is after a key: with it all of the database is announced. */
  function sayView(key: KeyName): void {
    if (announced !== undefined) announceChanges(announced);
    store.dispatch({ type: 'key', key });
    const { data, insight } = store.get();
    announced = { data, insight, runs: announced?.runs ?? [] };
    say(viewOf(store.get()));
  }

  /** A key among the routes: the one that it chooses, the one that it opens, or all of them again. */
  function sayRoute(key: KeyName): void {
    const isOpen = openTaskType(store.get()) !== undefined;
    if (store.get().tab !== 'routes') return say(['2 says the routes; Enter opens one there.']);
    if (key === 'enter' && !isOpen) return sayView(key);
    if (key === 'escape') return isOpen ? sayView(key) : undefined;
    if (isOpen) return say(['Escape goes back to the routes.']);
    store.dispatch({ type: 'key', key });
    return say(chosenRouteLines(store.get()));
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
      if (meaning === 'route') sayRoute(key);
      if (meaning === 'compare') say(options.compared());
      return meaning === 'quit';
    },
    conclude() {
      if (announced !== undefined) announceChanges(announced);
      store.dispatch({ type: 'key', key: '1' });
      store.dispatch({ type: 'key', key: 'r' });
      say(viewOf(store.get()));
    },
  };
}
