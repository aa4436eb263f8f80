import { width, type Sums } from '../timeline/sums.ts';

/** Sums of one span of time, per cell. */
export type Bucket = {
  /** Unix seconds at which the hour or day begins. */
  start: number;
  firstAt: number;
  lastAt: number;
  cells: Iterable<readonly [cell: number, sums: Sums]>;
};

const littleEndian = true;
const bucketBytes = 3 * 8 + 4;
const entryBytes = 4 + 4;

/**
 * Buckets as bytes: per bucket its times and the number of its entries; per entry the cell, a mask of
 * the fields that are not 0, and those as doubles. Exact, and small where most fields are 0.
 */
export function encodeBuckets(buckets: readonly Bucket[]): Buffer {
  let size = 0;
  for (const { cells } of buckets) {
    size += bucketBytes;
    for (const [, sums] of cells) size += entryBytes + 8 * countFields(sums);
  }
  const bytes = Buffer.alloc(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, size);
  let offset = 0;
  for (const { start, firstAt, lastAt, cells } of buckets) {
    view.setFloat64(offset, start, littleEndian);
    view.setFloat64(offset + 8, firstAt, littleEndian);
    view.setFloat64(offset + 16, lastAt, littleEndian);
    const countAt = offset + 24;
    offset += bucketBytes;
    let count = 0;
    for (const [cell, sums] of cells) {
      view.setUint32(offset, cell, littleEndian);
      const maskAt = offset + 4;
      offset += entryBytes;
      let mask = 0;
      for (let field = 0; field < width; field += 1) {
        const value = sums[field] ?? 0;
        if (value === 0) continue;
        mask |= 1 << field;
        view.setFloat64(offset, value, littleEndian);
        offset += 8;
      }
      view.setUint32(maskAt, mask >>> 0, littleEndian);
      count += 1;
    }
    view.setUint32(countAt, count, littleEndian);
  }
  return bytes;
}

/** Where decoded buckets go; no arrays in between, since this is the way to the first screen. */
export type BucketSink = {
  /** Whether the bucket is wanted, and then where its entries are added. */
  bucket(start: number, firstAt: number, lastAt: number): ((cell: number) => Sums) | undefined;
};

export function decodeBuckets(bytes: Uint8Array, sink: BucketSink): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;
  while (offset < bytes.byteLength) {
    const target = sink.bucket(
      view.getFloat64(offset, littleEndian),
      view.getFloat64(offset + 8, littleEndian),
      view.getFloat64(offset + 16, littleEndian),
    );
    let count = view.getUint32(offset + 24, littleEndian);
    offset += bucketBytes;
    for (; count > 0; count -= 1) {
      const mask = view.getUint32(offset + 4, littleEndian);
      const sums = target?.(view.getUint32(offset, littleEndian));
      offset += entryBytes;
      for (let field = 0, rest = mask; rest !== 0; field += 1, rest >>>= 1) {
        if ((rest & 1) === 0) continue;
        if (sums !== undefined) {
          sums[field] = (sums[field] ?? 0) + view.getFloat64(offset, littleEndian);
        }
        offset += 8;
      }
    }
  }
}

function countFields(sums: Sums): number {
  let count = 0;
  for (const value of sums) if (value !== 0) count += 1;
  return count;
}

/** What runs did per hour or day, as text. */
export type ProjectBucket = [
  start: number,
  projects: [projectId: string, tasks: number, score: number, costUsd: number, lastAt: number][],
];

export function encodeProjects(buckets: readonly ProjectBucket[]): string {
  return JSON.stringify(buckets);
}

/** Written by {@link encodeProjects} alone, into a table that nothing else writes. */
export function decodeProjects(text: string): ProjectBucket[] {
  const buckets: ProjectBucket[] = JSON.parse(text);
  return buckets;
}
