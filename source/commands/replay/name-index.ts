/**
 * Numbers names in the order of their first sight, from 0, and forgets the names themselves: what stays
 * are 12 bytes per slot, where a Map of half a million strings takes 60 MB.
 *
 * Names are distinguished by 64 bits of hash; for a million names the probability that any two are taken for one
 * is about 3 in 100 million.
 */
export type NameIndex = {
  /** The number of a name within a group, a new one at first sight. */
  of(name: string, group: number): number;
  readonly size: number;
};

/** Share of slots in use above which the table grows. */
const fullness = 0.6;

type Table = { high: Uint32Array; low: Uint32Array; number: Int32Array };

export function createNameIndex(): NameIndex {
  let table = createTable(1024);
  let size = 0;

  return {
    get size() {
      return size;
    },
    of(name, group) {
      const [high, low] = hash(name, group);
      const slot = find(table, high, low);
      const known = table.number[slot] ?? -1;
      if (known >= 0) return known;
      put(table, slot, high, low, size);
      size += 1;
      if (size > fullness * table.number.length) table = grown(table);
      return size - 1;
    },
  };
}

function createTable(slots: number): Table {
  return {
    high: new Uint32Array(slots),
    low: new Uint32Array(slots),
    number: new Int32Array(slots).fill(-1),
  };
}

/** The slot of a hash, or the free one where it belongs (linear probing; slots are a power of two). */
function find({ high, low, number }: Table, ownHigh: number, ownLow: number): number {
  const mask = number.length - 1;
  let slot = ownLow & mask;
  while ((number[slot] ?? -1) >= 0 && (high[slot] !== ownHigh || low[slot] !== ownLow)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

function put(table: Table, slot: number, high: number, low: number, number: number): void {
  table.high[slot] = high;
  table.low[slot] = low;
  table.number[slot] = number;
}

function grown(table: Table): Table {
  const larger = createTable(2 * table.number.length);
  for (let slot = 0; slot < table.number.length; slot += 1) {
    const number = table.number[slot] ?? -1;
    if (number < 0) continue;
    const high = table.high[slot] ?? 0;
    const low = table.low[slot] ?? 0;
    put(larger, find(larger, high, low), high, low, number);
  }
  return larger;
}

/** Two 32-bit hashes of a string and its group, mixed into each other (cyrb53, whose full state is kept here). */
function hash(name: string, group: number): [number, number] {
  // Multiplied first, or a group could undo a character.
  let high = Math.imul(0xdeadbeef ^ group, 2_654_435_761);
  let low = Math.imul(0x41c6ce57 ^ group, 1_597_334_677);
  high ^= high >>> 15;
  low ^= low >>> 15;
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high =
    Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low =
    Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return [high >>> 0, low >>> 0];
}
