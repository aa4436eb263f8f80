/** Values that were validated, in the order of the columns of their table, without the id. */
export type Row = readonly unknown[];

/** What can be recorded: each kind goes to a table of its own. */
export const rowKinds = ['events', 'snapshots', 'calls', 'outcomes', 'tags'] as const;

export type RowKind = (typeof rowKinds)[number];
export type Rows = Record<RowKind, Row[]>;

export const noRows = (): Rows => ({
  events: [],
  snapshots: [],
  calls: [],
  outcomes: [],
  tags: [],
});

/** What makes a batch that comes twice count once. */
export type BatchName = {
  /** A random 63-bit integer in decimal digits, one per opened store. */
  writer: string;
  number: number;
};

/**
 * Records that reach the database together or not at all, and once: `writer` and `number` name the
 * batch for good, so that it may be tried again after any failure.
 */
export type Batch = Rows &
  BatchName & {
    /** The name of what is in it, which several writers may bring: then it is this that counts once. */
    once?: BatchName;
  };

/** A batch under the name by which it is looked up among those that are written. */
export function underItsName({ once, ...batch }: Batch): Batch {
  return { ...batch, ...once };
}

export function sizeOf({ events, snapshots, calls, outcomes, tags }: Rows): number {
  return events.length + snapshots.length + calls.length + outcomes.length + tags.length;
}
