import type { KeyName } from '../keys/key-name.ts';

/** The keys that work without a screen, as they are said. */
export const keySentence =
  'Keys: 1 overview, 2 routes, 3 cost, 4 recommendations, 5 runs; [ and ] shorter and longer window; = compares the first two models, or the last two runs; in the routes Up and Down choose one, Enter opens it, Escape goes back; r says this view anew; ? says the keys; q quits.';

/** What a key does here; the others do nothing. */
export type SpokenKey = 'view' | 'route' | 'compare' | 'keys' | 'quit';

const meanings: Record<KeyName, SpokenKey> = {
  '1': 'view',
  '2': 'view',
  '3': 'view',
  '4': 'view',
  '5': 'view',
  '[': 'view',
  ']': 'view',
  r: 'view',
  up: 'route',
  down: 'route',
  k: 'route',
  j: 'route',
  enter: 'route',
  escape: 'route',
  '=': 'compare',
  '?': 'keys',
  q: 'quit',
  'ctrl-c': 'quit',
  'ctrl-d': 'quit',
};

export const meaningOf = (key: KeyName): SpokenKey | undefined =>
  Object.hasOwn(meanings, key) ? meanings[key] : undefined;
