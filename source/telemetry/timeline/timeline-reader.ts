import type { Database } from 'better-sqlite3';
import { hasSummaries } from '../database/schema.ts';
import { type Grid, type Kind, storedGrid } from '../summary/grid.ts';
import {
  createSummaryReader,
  type RowSink,
  type SummaryReach,
  type SummarySink,
} from '../summary/summary-reader.ts';
import { spanAt, type Spans } from '../summary/spans.ts';
import { type Cells, createCells } from './cells.ts';
import { addEventTo, addSnapshotTo, settleIn, type Span } from './span.ts';
import { type Facts, partStart } from './split-day.ts';
import { dayOf, daySeconds, type EventFact } from './sums.ts';
import { createTableReader } from './table-reader.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/** How far back something is needed, in Unix seconds. */
export type Reach = {
  from: number;
  /** From where on runs must be told apart; Infinity where they need not. */
  runsFrom: number;
  /** Whether sums weighted by age are needed. */
  aged: boolean;
};

/** Rows that are read one by one in no time. */
const shortHistory = 50_000;

/** The history in one database as sums, kept up to date by reading new rows alone. */
export type TimelineReader = {
  readonly cells: Cells;
  /** Whether the history is short, or most of it summed up. */
  isQuick(): boolean;
  /** Runs `action` on one state of the database, brought up to date and reaching back far enough. */
  within<Result>(reach: Reach, action: (timeline: Timeline) => Result): Result;
};

type Loaded = {
  timeline: Timeline;
  reach: SummaryReach;
  lastEventId: number;
  lastSnapshotId: number;
  /** Whether the events of a block were read as sums. */
  isSummed: (block: number) => boolean;
  /** Events of runs without snapshots that were read as rows, to take them back when those come. */
  liveEvents: Map<string, EventFact[]>;
};

export function createTimelineReader(database: Database, grid: Grid = storedGrid): TimelineReader {
  const cells = createCells();
  const tables = createTableReader(database, cells);
  const summaries = hasSummaries(database)
    ? createSummaryReader(database, tables, cells, grid)
    : undefined;
  /** Projects known to have snapshots. */
  const settled = new Set<string>();
  /** Projects known to have none, as of the last refresh. */
  const live = new Set<string>();
  /** All that have some, once that was asked of one that no snapshot read tells of: no index would find it. */
  let everSettled: Pick<Set<string>, 'has'> | undefined;
  let loaded: Loaded | undefined;
  let fromSummaries = false;

  /** Snapshots above those that the summaries looked through are all in {@link settled} already. */
  const hasSnapshots = (projectId: string): boolean => {
    if (summaries !== undefined && fromSummaries) {
      return summaries.firstSnapshotOf(projectId) !== undefined;
    }
    everSettled ??= tables.projectsWithSnapshots(0, Infinity);
    return everSettled.has(projectId);
  };

  const isLive = (projectId: string): boolean => {
    if (live.has(projectId)) return true;
    if (settled.has(projectId)) return false;
    const isSettled = hasSnapshots(projectId);
    (isSettled ? settled : live).add(projectId);
    return !isSettled;
  };

  /** Asks for all of many projects at once what {@link isLive} would ask for each. */
  const lookUp = (events: readonly EventFact[]): void => {
    const projects = new Set(events.map(({ projectId }) => projectId));
    const unknown = [...projects].filter((projectId) => !settled.has(projectId));
    for (const projectId of tables.withSnapshots(unknown)) settled.add(projectId);
    for (const projectId of unknown) if (!settled.has(projectId)) live.add(projectId);
  };

  const eachRow = (kind: Kind, from: number, before: number, sink: RowSink): void => {
    const summed = summaries?.coverMost() === true ? summaries : undefined;
    if (summed?.rows(kind, from, before, sink) === true) return;
    if (kind === 'events') tables.eachEvent(from, before, sink.event);
    else tables.eachSnapshot(from, before, sink.snapshot);
  };

  const partsOf = (day: number, edge: number | undefined, aged: boolean): Spans => {
    const parts: Spans = new Map();
    const partAt = (at: number): Span => spanAt(parts, partStart(day, edge, at), aged);
    const sink: SummarySink = {
      span: (start) => (dayOf(start) === day ? partAt(start) : undefined),
      event: (event) => addEventTo(partAt(event.at), event, isLive(event.projectId)),
      snapshot: (snapshot) => addSnapshotTo(partAt(snapshot.at), snapshot),
      settle(event) {
        if (dayOf(event.at) === day) settleIn(partAt(event.at), event);
      },
    };
    const summed = summaries?.coverMost() === true ? summaries : undefined;
    for (const kind of ['events', 'snapshots'] as const) {
      if (summed?.hours(kind, day, aged, sink) !== true) eachRow(kind, day, day + daySeconds, sink);
    }
    return parts;
  };

  const rowsOf = (from: number, before: number): Facts => {
    const facts: Facts = { events: [], snapshots: [] };
    const sink: RowSink = {
      event: (event) => facts.events.push(event),
      snapshot: (snapshot) => facts.snapshots.push(snapshot),
    };
    eachRow('events', from, before, sink);
    eachRow('snapshots', from, before, sink);
    return facts;
  };

  const timesOf = (projectId: string): number[] => tables.timesOf(projectId);

  const addEvent = (
    { timeline, liveEvents }: Pick<Loaded, 'timeline' | 'liveEvents'>,
    event: EventFact,
  ): void => {
    timeline.addEvent(event);
    if (!isLive(event.projectId)) return;
    const known = liveEvents.get(event.projectId);
    if (known === undefined) liveEvents.set(event.projectId, [event]);
    else known.push(event);
  };

  const load = (reach: SummaryReach): Loaded => {
    const { since, aged } = reach;
    const parts = (day: number, edge: number | undefined): Spans => partsOf(day, edge, aged);
    const detail = { parts, rows: rowsOf, timesOf };
    const timeline = createTimeline(detail, isLive, aged);
    const liveEvents = new Map<string, EventFact[]>();
    const sink: SummarySink = {
      span: (start) => (dayOf(start) < since ? undefined : timeline.day(dayOf(start))),
      event: (event) => addEvent({ timeline, liveEvents }, event),
      snapshot: (snapshot) => timeline.addSnapshot(snapshot),
      settle: (event) => timeline.settle(event),
    };
    let isSummed: Loaded['isSummed'] = notSummed;
    settled.clear();
    live.clear();
    everSettled = undefined;
    fromSummaries = summaries?.coverMost() === true;
    if (summaries === undefined || !fromSummaries) {
      tables.eachSnapshot(since, Infinity, (snapshot) => {
        settled.add(snapshot.projectId);
        sink.snapshot(snapshot);
      });
      const unknown: EventFact[] = [];
      tables.eachEvent(since, Infinity, (event) => {
        if (settled.has(event.projectId)) sink.event(event);
        else unknown.push(event);
      });
      lookUp(unknown);
      for (const event of unknown) sink.event(event);
    } else {
      const lookedThrough = summaries.lookedThrough();
      for (const projectId of tables.projectsWithSnapshots(lookedThrough, Infinity).keys()) {
        settled.add(projectId);
      }
      isSummed = summaries.days(reach, sink);
    }
    return {
      timeline,
      reach,
      lastEventId: tables.lastEventId(),
      lastSnapshotId: tables.lastSnapshotId(),
      isSummed,
      liveEvents,
    };
  };

  /** A project whose first snapshot is new: what it counted as live is taken back. */
  const settle = (
    { timeline, liveEvents, isSummed, lastSnapshotId }: Loaded,
    projectId: string,
  ): void => {
    if (settled.has(projectId)) return;
    settled.add(projectId);
    live.delete(projectId);
    const first = summaries?.firstSnapshotOf(projectId);
    if (first !== undefined && first <= lastSnapshotId) return;
    for (const event of liveEvents.get(projectId) ?? []) timeline.settle(event);
    liveEvents.delete(projectId);
    for (const { block, event } of summaries?.summedEventsOf(projectId) ?? []) {
      if (isSummed(block)) timeline.settle(event);
    }
  };

  const refresh = (state: Loaded): void => {
    const eventId = tables.lastEventId();
    const snapshotId = tables.lastSnapshotId();
    if (snapshotId > state.lastSnapshotId) {
      const added = tables.projectsWithSnapshots(state.lastSnapshotId, snapshotId);
      for (const projectId of added.keys()) settle(state, projectId);
      for (const snapshot of tables.snapshotsById(
        state.lastSnapshotId,
        snapshotId,
        state.reach.since,
      )) {
        state.timeline.addSnapshot(snapshot);
      }
    }
    if (eventId > state.lastEventId) {
      for (const event of tables.eventsById(state.lastEventId, eventId, state.reach.since)) {
        addEvent(state, event);
      }
    }
    state.lastEventId = eventId;
    state.lastSnapshotId = snapshotId;
  };

  const run = database.transaction((reach: Reach, action: (timeline: Timeline) => void) => {
    const wanted: SummaryReach = {
      since: dayOf(reach.from),
      runsSince: dayOf(reach.runsFrom),
      aged: reach.aged,
    };
    if (loaded !== undefined && covers(loaded.reach, wanted)) refresh(loaded);
    else loaded = load(loaded === undefined ? wanted : union(loaded.reach, wanted));
    action(loaded.timeline);
  });

  return {
    cells,
    isQuick: () =>
      tables.lastEventId() + tables.lastSnapshotId() <= shortHistory ||
      summaries?.coverMost() === true,
    within(reach, action) {
      let result: { value: ReturnType<typeof action> } | undefined;
      try {
        run.deferred(reach, (timeline) => {
          result = { value: action(timeline) };
        });
      } catch (error) {
        // Half of a refresh may be in; the next call starts anew.
        loaded = undefined;
        throw error;
      }
      if (result === undefined) throw new Error('the transaction did not run');
      return result.value;
    },
  };
}

function notSummed(): boolean {
  return false;
}

function covers(reach: SummaryReach, wanted: SummaryReach): boolean {
  return (
    reach.since <= wanted.since &&
    reach.runsSince <= wanted.runsSince &&
    (reach.aged || !wanted.aged)
  );
}

function union(one: SummaryReach, other: SummaryReach): SummaryReach {
  return {
    since: Math.min(one.since, other.since),
    runsSince: Math.min(one.runsSince, other.runsSince),
    aged: one.aged || other.aged,
  };
}
