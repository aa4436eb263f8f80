import type { Database } from 'better-sqlite3';
import { createCells } from '../timeline/cells.ts';
import { addSpan, settleIn, type Span } from '../timeline/span.ts';
import {
  agedFields,
  dayOf,
  daySeconds,
  hourOf,
  hourSeconds,
  plainFields,
} from '../timeline/sums.ts';
import { createTableReader } from '../timeline/table-reader.ts';
import { createBlockTable, type StoredSums } from './block-table.ts';
import { encodeBuckets, encodeProjects } from './codec.ts';
import { addStored } from './add-stored.ts';
import { completeBlocks, type Grid, idsOf, type Kind, storedGrid } from './grid.ts';
import {
  bucketsOf,
  eventSpans,
  projectBucketsOf,
  snapshotSpans,
  spanAt,
  type Spans,
} from './spans.ts';
import { createStoredCells } from './stored-cells.ts';

/** Most bytes of sums per row, so that summaries stay small beside what they sum up. */
const bytesPerRow: Record<Kind, { hours: number; days: number }> = {
  events: { hours: 28, days: 28 },
  snapshots: { hours: 64, days: 64 },
};
/** Snapshots looked through for projects in one transaction, to keep it short. */
const snapshotsAtOnce = 20_000;

/** Sums the past up, one short transaction at a time. */
export type Summariser = {
  /** Does the next piece of work, in one transaction; false when there was none. */
  step(): boolean;
};

type Work =
  /** Look snapshots with after < id ≤ through through for projects. */
  | { type: 'settle'; after: number; through: number }
  | { type: 'events' | 'snapshots'; block: number; lastSnapshot: number }
  | { type: 'group'; kind: Kind; group: number };

/**
 * Any process may run it at any time: what is to be done is looked up again under the write lock, so
 * each block is summed up once, by whoever gets there first.
 */
export function createSummariser(database: Database, grid: Grid = storedGrid): Summariser {
  const { blockSize, groupSize } = grid;
  const cells = createCells();
  const rows = createTableReader(database, cells);
  const table = createBlockTable(database);
  const stored = createStoredCells(database, cells);
  /** Snapshots this process has looked through; what a transaction rolled back is looked through again. */
  let lookedThrough = 0;

  const encode = (spans: Spans): StoredSums => {
    const buckets = bucketsOf(spans, (cell) => stored.storedOf(cell));
    return {
      cells: encodeBuckets(buckets, plainFields),
      aged: encodeBuckets(buckets, agedFields),
    };
  };

  /** One look per project. */
  const liveness = (): ((projectId: string) => boolean) => {
    const known = new Map<string, boolean>();
    return (projectId) => {
      let live = known.get(projectId);
      if (live === undefined) {
        live = table.firstSnapshotOf(projectId) === undefined;
        known.set(projectId, live);
      }
      return live;
    };
  };

  const nextWork = (): Work | undefined => {
    for (const kind of ['events', 'snapshots'] as const) {
      const group = table.count(kind, 'group');
      if ((group + 1) * groupSize <= table.count(kind, 'block'))
        return { type: 'group', kind, group };
    }
    const lastSnapshot = rows.lastSnapshotId();
    const snapshotBlock = table.count('snapshots', 'block');
    if (snapshotBlock < completeBlocks(grid, lastSnapshot)) {
      return { type: 'snapshots', block: snapshotBlock, lastSnapshot };
    }
    const block = table.count('events', 'block');
    const complete = completeBlocks(grid, rows.lastEventId());
    if (block >= complete) return undefined;
    const after = Math.max(table.snapshotsThrough(), lookedThrough);
    // Snapshots above what was looked through come with the block itself, if they are few.
    if (lastSnapshot - after > snapshotsAtOnce) {
      return { type: 'settle', after, through: after + snapshotsAtOnce };
    }
    // A run that is still going would need a correction soon; one more block may pass before.
    if (block + 1 === complete && hasLiveRun(block)) return undefined;
    return { type: 'events', block, lastSnapshot };
  };

  const hasLiveRun = (block: number): boolean => {
    const { after, through } = idsOf(grid, block);
    const settled = rows.projectsWithSnapshots(table.snapshotsThrough(), Infinity);
    const isLive = liveness();
    return rows
      .projectsOfEvents(after, through)
      .some((projectId) => !settled.has(projectId) && isLive(projectId));
  };

  /** Takes back what a project counted as live, now that it has snapshots. */
  const settle = (after: number, through: number): void => {
    for (const [projectId, firstSnapshot] of rows.projectsWithSnapshots(after, through)) {
      if (!table.insertSettled(projectId, firstSnapshot)) continue;
      for (const block of table.blocksOf(projectId)) {
        const spans: Spans = new Map();
        const { after: first, through: last } = idsOf(grid, block);
        for (const event of rows.eventsOfProject(projectId, first, last)) {
          settleIn(spanAt(spans, hourOf(event.at)), event);
        }
        table.insertCorrection(block, encode(spans));
      }
    }
  };

  const summariseEvents = (block: number, lastSnapshot: number): void => {
    settle(Math.max(table.snapshotsThrough(), lookedThrough), lastSnapshot);
    const { after, through } = idsOf(grid, block);
    const events = rows.eventsById(after, through);
    const isLive = liveness();
    const { spans, ...summed } = smallEnough('events', (seconds) =>
      eventSpans(events, seconds, isLive),
    );
    for (const projectId of new Set(events.map(({ projectId }) => projectId))) {
      table.insertProjectBlock(projectId, block);
    }
    table.insertBlock({
      kind: 'events',
      level: 'block',
      block,
      ...timesOf(spans),
      ...summed,
      snapshotsThrough: lastSnapshot,
      correctionsThrough: table.lastCorrection(),
      projects: encodeProjects(projectBucketsOf(spans)),
    });
  };

  const summariseSnapshots = (block: number): void => {
    const { after, through } = idsOf(grid, block);
    const snapshots = rows.snapshotsById(after, through);
    const { spans, ...summed } = smallEnough('snapshots', (seconds) =>
      snapshotSpans(snapshots, seconds),
    );
    table.insertBlock({
      kind: 'snapshots',
      level: 'block',
      block,
      ...timesOf(spans),
      ...summed,
      snapshotsThrough: 0,
      correctionsThrough: 0,
      projects: null,
    });
  };

  /** Sums by hour where those are small enough, else by day, else none. */
  const smallEnough = (
    kind: Kind,
    sum: (bucketSeconds: number) => Spans,
  ): { spans: Spans; bucketSeconds: number; sums: StoredSums | undefined } => {
    const { hours, days } = bytesPerRow[kind];
    const byHour = sum(hourSeconds);
    const hourly = encode(byHour);
    if (bytesOf(hourly) <= hours * blockSize) {
      return { spans: byHour, bucketSeconds: hourSeconds, sums: hourly };
    }
    const byDay = sum(daySeconds);
    const daily = encode(byDay);
    const fits = bytesOf(daily) <= days * blockSize;
    return { spans: byDay, bucketSeconds: daySeconds, sums: fits ? daily : undefined };
  };

  /** A group is summed from its blocks, by day; blocks without sums are read again. */
  const summariseGroup = (kind: Kind, group: number): void => {
    const spans: Spans = new Map();
    const dayAt = (start: number): Span => spanAt(spans, dayOf(start));
    const isLive = liveness();
    const first = group * groupSize;
    for (let block = first; block < first + groupSize; block += 1) {
      const parts = table.sums(kind, 'block', block, true);
      if (parts.length === 0) {
        const { after, through } = idsOf(grid, block);
        const read =
          kind === 'events'
            ? eventSpans(rows.eventsById(after, through), daySeconds, isLive)
            : snapshotSpans(rows.snapshotsById(after, through), daySeconds);
        for (const [start, span] of read) addSpan(dayAt(start), span);
        continue;
      }
      if (kind === 'events') parts.push(...table.corrections(block, block + 1, 0, true));
      for (const part of parts) addStored(part, stored, dayAt);
    }
    const sums = encode(spans);
    const fits = bytesOf(sums) <= bytesPerRow[kind].days * blockSize * groupSize;
    table.insertBlock({
      kind,
      level: 'group',
      block: group,
      ...timesOf(spans),
      snapshotsThrough: 0,
      correctionsThrough: table.lastCorrection(),
      bucketSeconds: daySeconds,
      sums: fits ? sums : undefined,
      projects: null,
    });
  };

  const perform = database.transaction((work: Work) => {
    switch (work.type) {
      case 'settle': {
        settle(work.after, work.through);
        return;
      }
      case 'events': {
        if (work.block === table.count('events', 'block')) {
          summariseEvents(work.block, work.lastSnapshot);
        }
        return;
      }
      case 'snapshots': {
        if (work.block === table.count('snapshots', 'block')) summariseSnapshots(work.block);
        return;
      }
      case 'group': {
        if (work.group === table.count(work.kind, 'group')) summariseGroup(work.kind, work.group);
      }
    }
  });

  return {
    step() {
      const work = nextWork();
      if (work === undefined) return false;
      perform.immediate(work);
      if (work.type === 'settle') lookedThrough = work.through;
      return true;
    },
  };
}

function bytesOf({ cells, aged }: StoredSums): number {
  return cells.byteLength + aged.byteLength;
}

/** Times of the first and the last record; of nothing usable, times that no window reaches. */
function timesOf(spans: Spans): { minAt: number; maxAt: number } {
  let minAt = Infinity;
  let maxAt = -Infinity;
  for (const { firstAt, lastAt } of spans.values()) {
    minAt = Math.min(minAt, firstAt);
    maxAt = Math.max(maxAt, lastAt);
  }
  return { minAt, maxAt };
}
