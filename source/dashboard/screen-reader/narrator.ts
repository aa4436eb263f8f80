import type { Clock } from '../../domain/runtime.ts';
import type { KeyName } from '../keys/key-name.ts';
import type { Store } from '../state/store.ts';
import { keySentence, meaningOf } from './keys.ts';
import { newsBetween, type Heard } from './news.ts';
import { newRunBook } from './run-book.ts';
import { glimpsesOf } from './run-changes.ts';
import { textOf } from './text-of.ts';

/** Seconds between two sets of sentences: what happens in between is said at once. */
const quietSeconds = 3;
/** A lock that ends within so many seconds is a program that writes, and no news. */
const lockPatience = 2;

/** Says what a store holds, and what becomes of it. */
export type Narrator = {
  /** To be called often; says what is new, though not more than every few seconds. */
  beat: () => void;
  /** Obeys a key; returns whether it was the one that leaves. */
  press: (key: KeyName) => boolean;
  /** Says what is not said yet, and then the overview: the last words. */
  conclude: () => void;
};

export function createNarrator(options: {
  store: Store;
  clock: Clock;
  say: (sentences: readonly string[]) => void;
  /** The run whose tasks are all told, in place of the view at the beginning. */
  watched?: string | undefined;
}): Narrator {
  const { store, clock, watched } = options;
  const { path } = store.get();
  const book = newRunBook();
  let heard: Heard | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;
  let lockedAt: number | undefined;
  store.subscribe(() => {
    const { data, runs } = store.get();
    book.see(runs);
    lockedAt = data.status === 'locked' ? (lockedAt ?? clock()) : undefined;
  });

  function say(sentences: readonly string[]): void {
    if (sentences.length === 0) return;
    options.say(sentences);
    saidAt = clock();
  }

  function hear(): Heard {
    const { data, insight } = store.get();
    const isBrief = lockedAt !== undefined && clock() - lockedAt < lockPatience;
    const told = isBrief ? (heard?.data ?? { status: 'loading' as const }) : data;
    return { data: told, insight, runs: glimpsesOf(book.take()) };
  }

  function open(): void {
    const first = hear();
    // Of a run that was just started everything is news.
    heard = { ...first, runs: first.runs.filter(({ projectId }) => projectId !== watched) };
    say([...(watched === undefined ? textOf(store.get()) : []), keySentence]);
    saidAt = Number.NEGATIVE_INFINITY;
  }

  function tellNews(before: Heard): void {
    heard = hear();
    const { sentences, isViewNew } = newsBetween(before, heard, { path, watched });
    say(isViewNew ? [...sentences, ...textOf(store.get())] : sentences);
  }

  /** The view as it is after a key: all of the database that is told with it is heard. */
  function sayView(key: KeyName): void {
    if (heard !== undefined) tellNews(heard);
    store.dispatch({ type: 'key', key });
    const { data, insight } = store.get();
    heard = { data, insight, runs: heard?.runs ?? [] };
    say(textOf(store.get()));
  }

  return {
    beat() {
      if (heard === undefined) open();
      else if (clock() - saidAt >= quietSeconds) tellNews(heard);
    },
    press(key) {
      const meaning = meaningOf(key);
      if (meaning === 'keys') say([keySentence]);
      if (meaning === 'view') sayView(key);
      return meaning === 'quit';
    },
    conclude() {
      if (heard !== undefined) tellNews(heard);
      store.dispatch({ type: 'key', key: '1' });
      store.dispatch({ type: 'key', key: 'r' });
      say(textOf(store.get()));
    },
  };
}
