import type { RunShare } from '../timeline/runs.ts';
import type { Sums } from '../timeline/sums.ts';

/** Sums of one span of time, per cell. */
export type Bucket = {
  /** Unix seconds at which the hour or day begins. */
  start: number;
  firstAt: number;
  lastAt: number;
  cells: readonly (readonly [cell: number, sums: Sums])[];
};

/**
 * Buckets as doubles, all of them: per bucket its times and the number of doubles of its entries; per
 * entry the cell, the first field and the number of fields, and the fields from the first to the last
 * that is not 0, of those asked for. Exact, aligned, and read in one pass.
 */
export function encodeBuckets(
  buckets: readonly Bucket[],
  { first: firstField, end: endField }: { first: number; end: number },
): Buffer {
  const numbers: number[] = [];
  for (const { start, firstAt, lastAt, cells } of buckets) {
    numbers.push(start, firstAt, lastAt, 0);
    const lengthAt = numbers.length - 1;
    for (const [cell, sums] of cells) {
      let first = firstField;
      let end = endField;
      while (first < end && sums[first] === 0) first += 1;
      while (end > first && sums[end - 1] === 0) end -= 1;
      if (first === end) continue;
      numbers.push(cell * fieldSpan + first * fieldBase + (end - first));
      for (let field = first; field < end; field += 1) numbers.push(sums[field] ?? 0);
    }
    numbers[lengthAt] = numbers.length - 1 - lengthAt;
  }
  return Buffer.from(new Float64Array(numbers).buffer);
}

/** A cell, a first field and a number of fields share one double. */
const fieldBase = 64;
const fieldSpan = fieldBase * fieldBase;

/** Where decoded buckets go; no arrays in between, since this is the way to the first screen. */
export type BucketSink = {
  /** Whether the bucket is wanted, and then where its entries are added. */
  bucket(start: number, firstAt: number, lastAt: number): ((cell: number) => Sums) | undefined;
};

export function decodeBuckets(bytes: Uint8Array, sink: BucketSink): void {
  const numbers = doublesOf(bytes);
  let offset = 0;
  while (offset < numbers.length) {
    const target = sink.bucket(
      numbers[offset] ?? 0,
      numbers[offset + 1] ?? 0,
      numbers[offset + 2] ?? 0,
    );
    const end = offset + 4 + (numbers[offset + 3] ?? 0);
    offset = target === undefined ? end : decodeEntries(numbers, offset + 4, end, target);
  }
}

function decodeEntries(
  numbers: Float64Array,
  start: number,
  end: number,
  sumsOf: (cell: number) => Sums,
): number {
  let offset = start;
  while (offset < end) {
    const head = numbers[offset] ?? 0;
    const cell = Math.floor(head / fieldSpan);
    const fieldBits = head - cell * fieldSpan;
    const first = Math.floor(fieldBits / fieldBase);
    const count = fieldBits - first * fieldBase;
    const sums = sumsOf(cell);
    offset += 1;
    for (let field = 0; field < count; field += 1) {
      sums[first + field] = (sums[first + field] ?? 0) + (numbers[offset + field] ?? 0);
    }
    offset += count;
  }
  return end;
}

/** Little-endian like every machine that Node runs on; copied only where the bytes lie askew. */
function doublesOf(bytes: Uint8Array): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8);
}

/** What runs did per hour or day, as text. */
export type ProjectBucket = [start: number, runs: RunShare[]];

export function encodeProjects(buckets: readonly ProjectBucket[]): string {
  return JSON.stringify(buckets);
}

/** Written by {@link encodeProjects} alone, into a table that nothing else writes. */
export function decodeProjects(text: string): ProjectBucket[] {
  const buckets: ProjectBucket[] = JSON.parse(text);
  return buckets;
}
