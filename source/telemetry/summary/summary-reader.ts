import type { Database } from 'better-sqlite3';
import type { Cells } from '../timeline/cells.ts';
import type { Span } from '../timeline/span.ts';
import {
  daySeconds,
  dayOf,
  type EventFact,
  hourSeconds,
  type SnapshotFact,
} from '../timeline/sums.ts';
import type { TableReader } from '../timeline/table-reader.ts';
import { addStored } from './add-stored.ts';
import { createBlockTable } from './block-table.ts';
import { decodeProjects } from './codec.ts';
import { type Grid, idsOf, type Kind } from './grid.ts';
import { createStoredCells } from './stored-cells.ts';

/** Blocks that may wait to be summed up before reading row by row through them takes too long. */
const tailBlocks = 16;
/** Blocks that are read through for the rows of a span of time rather than finding them by an index. */
const fewBlocks = 8;

/** Where rows go; they are of the wanted time. */
export type RowSink = {
  event: (event: EventFact) => void;
  snapshot: (snapshot: SnapshotFact) => void;
};

/** Where the sums of a span of time go, and rows that no summary holds. */
export type SummarySink = RowSink & {
  /** The span of the hour or day that starts then; undefined where it is not wanted. */
  span(start: number): Span | undefined;
  /** An event that a summary holds as of a run without snapshots, which has some by now. */
  settle(event: EventFact): void;
};

export type SummaryReach = {
  since: number;
  /** From which day on runs are told apart. */
  runsSince: number;
  /** Whether the sums weighted by age are needed too. */
  aged: boolean;
};

/** Reads a span of the history from summaries, and from rows where there are none. */
export type SummaryReader = {
  /** All from a day on. Answers whether the events of a block came as sums, and not as rows. */
  days(reach: SummaryReach, sink: SummarySink): (block: number) => boolean;
  /** The hours of one day from one table; false where its blocks are not summed by hour, and then nothing was read. */
  hours(kind: Kind, day: number, aged: boolean, sink: SummarySink): boolean;
  /**
   * The rows of a short span of time, from the few blocks that reach it; false where late rows make those
   * many, and then nothing was read.
   */
  rows(kind: Kind, from: number, before: number, sink: RowSink): boolean;
  /** Whether most rows are summed up; where not, the indexes of the tables are the shorter way. */
  coverMost(): boolean;
  /** The first snapshot of a project, if it is one of those looked through, see {@link lookedThrough}. */
  firstSnapshotOf(projectId: string): number | undefined;
  /** The last snapshot id that {@link firstSnapshotOf} knows of. */
  lookedThrough(): number;
  /** Events of a project that are in blocks of the summaries. */
  summedEventsOf(projectId: string): { block: number; event: EventFact }[];
};

export function createSummaryReader(
  database: Database,
  tables: TableReader,
  cells: Cells,
  grid: Grid,
): SummaryReader {
  const { blockSize, groupSize } = grid;
  const table = createBlockTable(database);
  const stored = createStoredCells(database, cells);

  const add = (parts: readonly Uint8Array[], sink: SummarySink): void => {
    for (const part of parts) addStored(part, stored, (start) => sink.span(start));
  };

  const addBlock = (kind: Kind, block: number, aged: boolean, sink: SummarySink): void => {
    add(table.sums(kind, 'block', block, aged), sink);
    if (kind === 'events') add(table.corrections(block, block + 1, 0, aged), sink);
  };

  /** Rows above the last block, and of blocks without sums. */
  const addRows = (
    kind: Kind,
    ids: { after: number; through: number },
    from: number,
    before: number,
    sink: RowSink,
  ): void => {
    const { after, through } = ids;
    if (kind === 'events') {
      for (const event of tables.eventsById(after, through, from, before)) sink.event(event);
    } else {
      for (const row of tables.snapshotsById(after, through, from, before)) sink.snapshot(row);
    }
  };

  const addTail = (kind: Kind, from: number, before: number, sink: RowSink): void =>
    addRows(
      kind,
      { after: table.count(kind, 'block') * blockSize, through: Infinity },
      from,
      before,
      sink,
    );

  /** Projects whose snapshots came after the last look for such; summaries hold their events as live. */
  const unsettled = (): string[] =>
    [...tables.projectsWithSnapshots(table.snapshotsThrough(), Infinity).keys()].filter(
      (projectId) => table.firstSnapshotOf(projectId) === undefined,
    );

  const summedEventsOf = (projectId: string): { block: number; event: EventFact }[] =>
    table.blocksOf(projectId).flatMap((block) => {
      const { after, through } = idsOf(grid, block);
      return tables.eventsOfProject(projectId, after, through).map((event) => ({ block, event }));
    });

  const addDays = (
    kind: Kind,
    { since, aged }: SummaryReach,
    sink: SummarySink,
  ): ((block: number) => boolean) => {
    const reaching = table.reaching(kind, 'group', since, Infinity);
    const groups = reaching.filter(({ summed }) => summed);
    // Whatever block reaches a time, so does its group: mostly none of a group is wanted.
    const ungrouped =
      groups.length === reaching.length ? table.count(kind, 'group') * groupSize : 0;
    const covered = new Set<number>();
    for (const { block: group, correctionsThrough } of groups) {
      covered.add(group);
      add(table.sums(kind, 'group', group, aged), sink);
      if (kind === 'snapshots') continue;
      const first = group * groupSize;
      add(table.corrections(first, first + groupSize, correctionsThrough, aged), sink);
    }
    const asRows = new Set<number>();
    for (const { block, summed } of table.reaching(kind, 'block', since, Infinity, ungrouped)) {
      if (covered.has(Math.floor(block / groupSize))) continue;
      if (summed) {
        addBlock(kind, block, aged, sink);
      } else {
        asRows.add(block);
        addRows(kind, idsOf(grid, block), since, Infinity, sink);
      }
    }
    addTail(kind, since, Infinity, sink);
    const blocks = table.count(kind, 'block');
    return (block) => block < blocks && !asRows.has(block);
  };

  const addRuns = (
    since: number,
    before: number,
    isWanted: (block: number) => boolean,
    sink: SummarySink,
  ): void => {
    for (const { block, projects } of table.projects(since, before)) {
      if (!isWanted(block)) continue;
      for (const [start, runs] of decodeProjects(projects)) {
        if (dayOf(start) >= since) sink.span(start)?.runs.shares.push(runs);
      }
    }
  };

  const settleSums = (isSummed: (block: number) => boolean, sink: SummarySink): void => {
    for (const projectId of unsettled()) {
      for (const { block, event } of summedEventsOf(projectId)) {
        if (isSummed(block)) sink.settle(event);
      }
    }
  };

  return {
    days(reach, sink) {
      const isSummed = addDays('events', reach, sink);
      addRuns(reach.runsSince, Infinity, isSummed, sink);
      settleSums(isSummed, sink);
      addDays('snapshots', reach, sink);
      return isSummed;
    },
    hours(kind, day, aged, sink) {
      const before = day + daySeconds;
      const blocks = table.reaching(kind, 'block', day, before);
      const byHour = blocks.every(
        ({ summed, bucketSeconds }) => summed && bucketSeconds === hourSeconds,
      );
      if (!byHour) return false;
      for (const { block } of blocks) addBlock(kind, block, aged, sink);
      addTail(kind, day, before, sink);
      if (kind === 'events') {
        addRuns(day, before, () => true, sink);
        settleSums(() => true, sink);
      }
      return true;
    },
    rows(kind, from, before, sink) {
      const blocks = table.reaching(kind, 'block', from, before);
      if (blocks.length > fewBlocks) return false;
      for (const { block } of blocks) addRows(kind, idsOf(grid, block), from, before, sink);
      addTail(kind, from, before, sink);
      return true;
    },
    coverMost: () =>
      tables.lastEventId() - table.count('events', 'block') * blockSize <= tailBlocks * blockSize &&
      tables.lastSnapshotId() - table.count('snapshots', 'block') * blockSize <=
        tailBlocks * blockSize,
    firstSnapshotOf: (projectId) => table.firstSnapshotOf(projectId),
    lookedThrough: () => table.snapshotsThrough(),
    summedEventsOf,
  };
}
