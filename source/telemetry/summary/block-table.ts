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
  cells: Buffer | null;
  projects: string | null;
};

/** The statements on the tables of summaries; nothing here updates or deletes. */
export type BlockTable = {
  /** How many blocks are there; they are contiguous from 0. */
  count(kind: Kind, level: Level): number;
  /** Blocks that reach a time, in order. */
  reaching(kind: Kind, level: Level, since: number, before: number): BlockHead[];
  head(kind: Kind, level: Level, block: number): BlockHead | undefined;
  cells(kind: Kind, level: Level, block: number): Uint8Array | undefined;
  /** Texts of {@link encodeProjects} of blocks that reach a time. */
  projects(since: number, before: number): { block: number; projects: string }[];
  /** Corrections of the events of blocks from ≤ block < before, with ids above one. */
  corrections(from: number, before: number, after: number): Uint8Array[];
  lastCorrection(): number;
  /** Up to which id snapshots were looked through for projects. */
  snapshotsThrough(): number;
  /** The first snapshot of a project that has some, as far as snapshots were looked through. */
  firstSnapshotOf(projectId: string): number | undefined;
  /** Blocks with events of a project. */
  blocksOf(projectId: string): number[];
  insertBlock(block: NewBlock): void;
  insertCorrection(block: number, cells: Buffer): void;
  /** Whether the project was not there before. */
  insertSettled(projectId: string, firstSnapshot: number): boolean;
  insertProjectBlock(projectId: string, block: number): void;
};

type HeadRow = [block: number, bucketSeconds: number, correctionsThrough: number, summed: number];

export function createBlockTable(database: Database): BlockTable {
  const headColumns = 'block, bucket_seconds, corrections_through, cells IS NOT NULL';
  const count = database
    .prepare<[number, number], number | null>(
      'SELECT max(block) FROM summary_blocks WHERE kind = ? AND level = ?',
    )
    .pluck();
  const reaching = database
    .prepare<[number, number, number, number], HeadRow>(
      `SELECT ${headColumns} FROM summary_blocks
       WHERE kind = ? AND level = ? AND max_at >= ? AND min_at < ? ORDER BY block`,
    )
    .raw();
  const head = database
    .prepare<[number, number, number], HeadRow>(
      `SELECT ${headColumns} FROM summary_blocks WHERE kind = ? AND level = ? AND block = ?`,
    )
    .raw();
  const cells = database
    .prepare<[number, number, number], Buffer | null>(
      'SELECT cells FROM summary_blocks WHERE kind = ? AND level = ? AND block = ?',
    )
    .pluck();
  const projects = database.prepare<[number, number], { block: number; projects: string }>(
    `SELECT block, projects FROM summary_blocks
       WHERE kind = ${kinds.events} AND level = ${levels.block} AND max_at >= ? AND min_at < ?`,
  );
  const corrections = database
    .prepare<[number, number, number], Buffer>(
      'SELECT cells FROM summary_corrections WHERE block >= ? AND block < ? AND id > ?',
    )
    .pluck();
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
       corrections_through, bucket_seconds, cells, projects)
     VALUES (@kind, @level, @block, @minAt, @maxAt, @snapshotsThrough, @correctionsThrough,
       @bucketSeconds, @cells, @projects)`,
  );
  const insertCorrection = database.prepare<[number, Buffer]>(
    'INSERT INTO summary_corrections (block, cells) VALUES (?, ?)',
  );
  const insertSettled = database.prepare<[string, number]>(
    'INSERT OR IGNORE INTO settled_projects (project_id, first_snapshot) VALUES (?, ?)',
  );
  const insertProjectBlock = database.prepare<[string, number]>(
    'INSERT OR IGNORE INTO project_blocks (project_id, block) VALUES (?, ?)',
  );

  return {
    count: (kind, level) => (count.get(kinds[kind], levels[level]) ?? -1) + 1,
    reaching: (kind, level, since, before) =>
      reaching.all(kinds[kind], levels[level], since, before).map(headOf),
    head(kind, level, block) {
      const row = head.get(kinds[kind], levels[level], block);
      return row === undefined ? undefined : headOf(row);
    },
    cells: (kind, level, block) => cells.get(kinds[kind], levels[level], block) ?? undefined,
    projects: (since, before) => projects.all(since, before),
    corrections: (from, before, after) => corrections.all(from, before, after),
    lastCorrection: () => lastCorrection.get() ?? 0,
    snapshotsThrough: () => snapshotsThrough.get() ?? 0,
    firstSnapshotOf: (projectId) => settled.get(projectId),
    blocksOf: (projectId) => blocksOf.all(projectId),
    insertBlock({ kind, level, ...block }) {
      insertBlock.run({ ...block, kind: kinds[kind], level: levels[level] });
    },
    insertCorrection: (block, bytes) => void insertCorrection.run(block, bytes),
    insertSettled: (projectId, firstSnapshot) =>
      insertSettled.run(projectId, firstSnapshot).changes > 0,
    insertProjectBlock: (projectId, block) => void insertProjectBlock.run(projectId, block),
  };
}

function headOf([block, bucketSeconds, correctionsThrough, summed]: HeadRow): BlockHead {
  return { block, bucketSeconds, correctionsThrough, summed: summed !== 0 };
}
