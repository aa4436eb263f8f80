import { standardNormal } from '../../domain/normal.ts';
import { seededRandom, type Random } from '../../domain/runtime.ts';

/**
 * A random number generator that depends on nothing but what it is about: equal parts, equal numbers,
 * whatever happened before or meanwhile.
 */
export function rngFor(...parts: readonly (string | number)[]): Random {
  return seededRandom(hashOf(...parts));
}

/** 32 bits of the parts (FNV-1a, with the parts kept apart). */
export function hashOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = `${part}\u0000`;
    for (let at = 0; at < text.length; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
  }
  // The last characters alone would hardly reach the upper bits.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** A sample of a normal distribution. */
export function normal(random: Random, mean: number, deviation: number): number {
  return mean + deviation * standardNormal(random);
}

export function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

/** So many different items, in random order; all of them where there are fewer. */
export function pickSome<Item>(random: Random, items: readonly Item[], count: number): Item[] {
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ item }) => item);
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));
