/** Values that were validated, in the order of the columns of their table, without the id. */
export type Row = readonly unknown[];

/** What can be recorded: each kind goes to a table of its own. */
export const rowKinds = ['events', 'snapshots', 'calls', 'outcomes'] as const;

export type RowKind = (typeof rowKinds)[number];
export type Rows = Record<RowKind, Row[]>;

export const noRows = (): Rows => ({ events: [], snapshots: [], calls: [], outcomes: [] });

/**
 * Records that reach the database together or not at all, and once: `writer` and `number` name the
 * batch for good, so that it may be tried again after any failure.
 */
export type Batch = Rows & {
  /** A random 63-bit integer in decimal digits, one per opened store. */
  writer: string;
  number: number;
};

export function sizeOf({ events, snapshots, calls, outcomes }: Rows): number {
  return events.length + snapshots.length + calls.length + outcomes.length;
}
