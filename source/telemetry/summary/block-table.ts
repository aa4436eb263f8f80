import type { Database } from 'better-sqlite3';
import { type Kind, kinds, levels } from './grid.ts';

export type Level = keyof typeof levels;

/** A row of `summary_blocks` without what it sums up. */
export type BlockHead = {
  block: number;
  bucketSeconds: number;
  /** Corrections up to this id are in the sums already. */
  correctionsThrough: number;
  /** Whether there are sums: where they would be as large as the rows, there are none. */
  summed: boolean;
};

export type NewBlock = {
  kind: Kind;
  level: Level;
  block: number;
  minAt: number;
  maxAt: number;
  snapshotsThrough: number;
  correctionsThrough: number;
  bucketSeconds: number;
  /** Absent where they would be as large as the rows. */
  sums: StoredSums | undefined;
  projects: string | null;
};

/** Sums in their two parts, see {@link plainFields}. */
export type StoredSums = { cells: Uint8Array; aged: Uint8Array };

/** The statements on the tables of summaries; nothing here updates or deletes. */
export type BlockTable = {
  /** How many blocks are there; they are contiguous from 0. */
  count(kind: Kind, level: Level): number;
  /** Blocks that reach a time, in order, from a block on. */
  reaching(kind: Kind, level: Level, since: number, before: number, first?: number): BlockHead[];
  head(kind: Kind, level: Level, block: number): BlockHead | undefined;
  /** The sums of a block, or the plain part of them alone. */
  sums(kind: Kind, level: Level, block: number, aged: boolean): Uint8Array[];
  /** Texts of {@link encodeProjects} of blocks that reach a time. */
  projects(since: number, before: number): { block: number; projects: string }[];
  /** Corrections of the events of blocks from ≤ block < before, with ids above one. */
  corrections(from: number, before: number, after: number, aged: boolean): Uint8Array[];
  lastCorrection(): number;
  /** Up to which id snapshots were looked through for projects. */
  snapshotsThrough(): number;
  /** The first snapshot of a project that has some, as far as snapshots were looked through. */
  firstSnapshotOf(projectId: string): number | undefined;
  /** Blocks with events of a project. */
  blocksOf(projectId: string): number[];
  insertBlock(block: NewBlock): void;
  insertCorrection(block: number, sums: StoredSums): void;
  /** Whether the project was not there before. */
  insertSettled(projectId: string, firstSnapshot: number): boolean;
  insertProjectBlock(projectId: string, block: number): void;
};

type HeadRow = [block: number, bucketSeconds: number, correctionsThrough: number, summed: number];

export function createBlockTable(database: Database): BlockTable {
  const headColumns = 'block, bucket_seconds, corrections_through, summed';
  const count = database
    .prepare<[number, number], number | null>(
      'SELECT max(block) FROM summary_blocks WHERE kind = ? AND level = ?',
    )
    .pluck();
  const reaching = database
    .prepare<[number, number, number, number, number], HeadRow>(
      `SELECT ${headColumns} FROM summary_blocks
       WHERE kind = ? AND level = ? AND max_at >= ? AND min_at < ? AND block >= ?`,
    )
    .raw();
  const head = database
    .prepare<[number, number, number], HeadRow>(
      `SELECT ${headColumns} FROM summary_blocks WHERE kind = ? AND level = ? AND block = ?`,
    )
    .raw();
  const sumsWith = (columns: string) =>
    database
      .prepare<[number, number, number], (Buffer | null)[]>(
        `SELECT ${columns} FROM summary_blocks WHERE kind = ? AND level = ? AND block = ?`,
      )
      .raw();
  const plainSums = sumsWith('cells');
  const allSums = sumsWith('cells, aged');
  const projects = database.prepare<[number, number], { block: number; projects: string }>(
    `SELECT block, projects FROM summary_blocks
       WHERE kind = ${kinds.events} AND level = ${levels.block} AND max_at >= ? AND min_at < ?`,
  );
  const corrections = database
    .prepare<[number, number, number], [cells: Buffer, aged: Buffer]>(
      'SELECT cells, aged FROM summary_corrections WHERE block >= ? AND block < ? AND id > ?',
    )
    .raw();
  const lastCorrection = database
    .prepare<[], number | null>('SELECT max(id) FROM summary_corrections')
    .pluck();
  const snapshotsThrough = database
    .prepare<[], number>(
      `SELECT snapshots_through FROM summary_blocks
       WHERE kind = ${kinds.events} AND level = ${levels.block} ORDER BY block DESC LIMIT 1`,
    )
    .pluck();
  const settled = database
    .prepare<[string], number>('SELECT first_snapshot FROM settled_projects WHERE project_id = ?')
    .pluck();
  const blocksOf = database
    .prepare<[string], number>('SELECT block FROM project_blocks WHERE project_id = ?')
    .pluck();
  const insertBlock = database.prepare<[Record<string, unknown>]>(
    `INSERT OR IGNORE INTO summary_blocks (kind, level, block, min_at, max_at, snapshots_through,
       corrections_through, bucket_seconds, summed, projects, cells, aged)
     VALUES (@kind, @level, @block, @minAt, @maxAt, @snapshotsThrough, @correctionsThrough,
       @bucketSeconds, @summed, @projects, @cells, @aged)`,
  );
  const insertCorrection = database.prepare<[number, Uint8Array, Uint8Array]>(
    'INSERT INTO summary_corrections (block, cells, aged) VALUES (?, ?, ?)',
  );
  const insertSettled = database.prepare<[string, number]>(
    'INSERT OR IGNORE INTO settled_projects (project_id, first_snapshot) VALUES (?, ?)',
  );
  const insertProjectBlock = database.prepare<[string, number]>(
    'INSERT OR IGNORE INTO project_blocks (project_id, block) VALUES (?, ?)',
  );

  return {
    count: (kind, level) => (count.get(kinds[kind], levels[level]) ?? -1) + 1,
    reaching: (kind, level, since, before, first = 0) =>
      reaching
        .all(kinds[kind], levels[level], since, before, first)
        .map(headOf)
        .toSorted((a, b) => a.block - b.block),
    head(kind, level, block) {
      const row = head.get(kinds[kind], levels[level], block);
      return row === undefined ? undefined : headOf(row);
    },
    sums(kind, level, block, aged) {
      const row = (aged ? allSums : plainSums).get(kinds[kind], levels[level], block) ?? [];
      return row.filter((part) => part !== null);
    },
    projects: (since, before) => projects.all(since, before),
    corrections: (from, before, after, aged) =>
      corrections.all(from, before, after).flatMap((parts) => (aged ? parts : parts.slice(0, 1))),
    lastCorrection: () => lastCorrection.get() ?? 0,
    snapshotsThrough: () => snapshotsThrough.get() ?? 0,
    firstSnapshotOf: (projectId) => settled.get(projectId),
    blocksOf: (projectId) => blocksOf.all(projectId),
    insertBlock({ kind, level, sums, ...block }) {
      insertBlock.run({
        ...block,
        kind: kinds[kind],
        level: levels[level],
        summed: sums === undefined ? 0 : 1,
        cells: sums?.cells ?? null,
        aged: sums?.aged ?? null,
      });
    },
    insertCorrection: (block, { cells, aged }) => void insertCorrection.run(block, cells, aged),
    insertSettled: (projectId, firstSnapshot) =>
      insertSettled.run(projectId, firstSnapshot).changes > 0,
    insertProjectBlock: (projectId, block) => void insertProjectBlock.run(projectId, block),
  };
}

function headOf([block, bucketSeconds, correctionsThrough, summed]: HeadRow): BlockHead {
  return { block, bucketSeconds, correctionsThrough, summed: summed !== 0 };
}
