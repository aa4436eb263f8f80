import type { RunSums } from './detail.ts';

/**
 * Ids of the runs that did a task, as numbers of 52 bits: many thousands of them are counted in no time, and two
 * of a hundred thousand are the same once in a million times.
 */
export type RunDigests = Float64Array;

export function runDigests(runs: ReadonlyMap<string, RunSums>): RunDigests {
  const ids = [...runs].flatMap(([id, { tasks }]) => (tasks > 0 ? [id] : []));
  return Float64Array.from(ids, digestOf);
}

/** Never 0. */
function digestOf(id: string): number {
  let high = 0x1b_87_35_93;
  let low = 0x2c_1b_3c_6d;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    high = mixed(high ^ code);
    low = mixed(low + Math.imul(code, 0x29_7a_2d_39));
  }
  return (mixed(high) % 2 ** 20) * 2 ** 32 + mixed(low ^ high) + 1;
}

/** Every bit of a whole number of 32 bits tells in every bit of the result. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x7f_eb_35_2d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x84_6c_a6_8b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A set of digests, made for so many. */
export function createDigestSet(most: number): {
  add: (digest: number) => void;
  has: (digest: number) => boolean;
  size: () => number;
} {
  const slots = new Float64Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
  const mask = slots.length - 1;
  let size = 0;
  const slotOf = (digest: number): number => {
    let slot = digest & mask;
    while (slots[slot] !== 0 && slots[slot] !== digest) slot = (slot + 1) & mask;
    return slot;
  };
  return {
    add(digest) {
      const slot = slotOf(digest);
      if (slots[slot] === 0) size += 1;
      slots[slot] = digest;
    },
    has: (digest) => slots[slotOf(digest)] === digest,
    size: () => size,
  };
}
