/**
 * Ids are cut into blocks of fixed size, and blocks are gathered into groups: block k holds the ids above
 * k · blockSize up to (k + 1) · blockSize. So blocks are disjoint whoever sums them up, and ids follow
 * commit order, so a block is complete as soon as its last id, or a later one, exists. Late rows and
 * clock jumps only widen the times that a block covers.
 */
export type Grid = {
  blockSize: number;
  /** Blocks that a group sums up once more, by day. */
  groupSize: number;
};

/** What is stored depends on it: another grid would need another version of the schema. */
export const storedGrid: Grid = { blockSize: 1024, groupSize: 16 };

export const kinds = { events: 0, snapshots: 1 } as const;
export type Kind = keyof typeof kinds;

export const levels = { block: 0, group: 1 } as const;

/** The ids of a block: after < id ≤ through. */
export function idsOf({ blockSize }: Grid, block: number): { after: number; through: number } {
  return { after: block * blockSize, through: (block + 1) * blockSize };
}

/** The number of complete blocks when this is the last id. */
export function completeBlocks({ blockSize }: Grid, lastId: number): number {
  return Math.floor(lastId / blockSize);
}
