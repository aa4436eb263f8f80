import type { Database } from 'better-sqlite3';
import { type Cells, createCells } from './cells.ts';
import { emptySpan, type Span, addEventTo, addSnapshotTo } from './span.ts';
import { dayOf, daySeconds, type EventFact, hourOf } from './sums.ts';
import { createTableReader } from './table-reader.ts';
import { createTimeline, type Timeline } from './timeline.ts';

/**
 * The history in one database as sums, kept up to date by reading new rows alone. Every call belongs
 * inside one read transaction with what follows from it, see {@link TimelineReader.within}.
 */
export type TimelineReader = {
  readonly cells: Cells;
  /** Runs `action` on one state of the database, brought up to date and reaching back to `from` (Unix seconds). */
  within<Result>(from: number, action: (timeline: Timeline) => Result): Result;
};

export function createTimelineReader(database: Database): TimelineReader {
  const cells = createCells();
  const tables = createTableReader(database, cells);
  const settled = new Set<string>();
  /** Events of runs without snapshots that were read as rows, to take them back when those come. */
  let liveEvents = new Map<string, EventFact[]>();
  let timeline: Timeline | undefined;
  let since = Infinity;
  let lastEventId = 0;
  let lastSnapshotId = 0;

  const isLive = (projectId: string): boolean => !settled.has(projectId);

  const hoursOf = (day: number): Map<number, Span> => {
    const hours = new Map<number, Span>();
    const hourAt = (at: number): Span => {
      let hour = hours.get(hourOf(at));
      if (hour === undefined) hours.set(hourOf(at), (hour = emptySpan()));
      return hour;
    };
    const { events, snapshots } = tables.rowsBetween(day, day + daySeconds);
    for (const event of events) addEventTo(hourAt(event.at), event, isLive(event.projectId));
    for (const snapshot of snapshots) addSnapshotTo(hourAt(snapshot.at), snapshot);
    return hours;
  };

  const addEvent = (into: Timeline, event: EventFact): void => {
    into.addEvent(event);
    if (!isLive(event.projectId)) return;
    const known = liveEvents.get(event.projectId);
    if (known === undefined) liveEvents.set(event.projectId, [event]);
    else known.push(event);
  };

  const load = (from: number): Timeline => {
    since = from;
    liveEvents = new Map();
    const loading = createTimeline(
      { hours: hoursOf, rows: (start, end) => tables.rowsBetween(start, end) },
      isLive,
    );
    lastEventId = tables.lastEventId();
    lastSnapshotId = tables.lastSnapshotId();
    for (const projectId of tables.projectsWithSnapshots(0)) settled.add(projectId);
    const { events, snapshots } = tables.rowsBetween(since, Infinity);
    for (const event of events) addEvent(loading, event);
    for (const snapshot of snapshots) loading.addSnapshot(snapshot);
    return loading;
  };

  const settle = (into: Timeline, projectId: string): void => {
    if (settled.has(projectId)) return;
    settled.add(projectId);
    for (const event of liveEvents.get(projectId) ?? []) into.settle(event);
    liveEvents.delete(projectId);
  };

  const refresh = (into: Timeline): void => {
    const eventId = tables.lastEventId();
    const snapshotId = tables.lastSnapshotId();
    if (snapshotId > lastSnapshotId) {
      for (const projectId of tables.projectsWithSnapshots(lastSnapshotId)) settle(into, projectId);
      for (const snapshot of tables.snapshotsById(lastSnapshotId, snapshotId)) {
        if (snapshot.at >= since) into.addSnapshot(snapshot);
      }
    }
    if (eventId > lastEventId) {
      for (const event of tables.eventsById(lastEventId, eventId)) {
        if (event.at >= since) addEvent(into, event);
      }
    }
    lastEventId = eventId;
    lastSnapshotId = snapshotId;
  };

  const run = database.transaction((from: number, action: (ready: Timeline) => void) => {
    const day = dayOf(from);
    if (timeline === undefined || day < since) timeline = load(day);
    else refresh(timeline);
    action(timeline);
  });

  return {
    cells,
    within(from, action) {
      let result: { value: ReturnType<typeof action> } | undefined;
      try {
        run.deferred(from, (ready) => {
          result = { value: action(ready) };
        });
      } catch (error) {
        // Half of a refresh may be in; the next call starts anew.
        timeline = undefined;
        throw error;
      }
      if (result === undefined) throw new Error('the transaction did not run');
      return result.value;
    },
  };
}
