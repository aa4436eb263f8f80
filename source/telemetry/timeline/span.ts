import { addRuns, noRuns, runIn, type Runs } from './runs.ts';
import {
  addEvent,
  addLiveEvent,
  addSnapshot,
  addSums,
  type EventFact,
  noSums,
  type SnapshotFact,
  type Sums,
} from './sums.ts';

/** All that happened in a span of time, summed up per cell (by its number) and per run. */
export type Span = {
  /** Times of the first and the last record in it. */
  firstAt: number;
  lastAt: number;
  /** Whether the sums weighted by age are among them. */
  aged: boolean;
  cells: Map<number, Sums>;
  runs: Runs;
  /** Grows with every change of the sums. */
  version: number;
};

export function emptySpan(aged: boolean): Span {
  return {
    firstAt: Infinity,
    lastAt: -Infinity,
    aged,
    cells: new Map(),
    runs: noRuns(),
    version: 0,
  };
}

/** The sums of a cell, to be changed. */
export function cellIn(span: Span, cell: number): Sums {
  span.version += 1;
  let sums = span.cells.get(cell);
  if (sums === undefined) span.cells.set(cell, (sums = noSums(span.aged)));
  return sums;
}

export function widen(span: Span, firstAt: number, lastAt: number): void {
  if (firstAt < span.firstAt) span.firstAt = firstAt;
  if (lastAt > span.lastAt) span.lastAt = lastAt;
}

/** `live`: whether the event's run has no snapshots. */
export function addEventTo(span: Span, event: EventFact, live: boolean): void {
  widen(span, event.at, event.at);
  const sums = cellIn(span, event.cell);
  addEvent(sums, event);
  if (live) addLiveEvent(sums, event, 1);
  const run = runIn(span.runs.added, event.projectId);
  run.tasks += 1;
  if (event.score !== null) {
    run.scored += 1;
    run.score += event.score;
  }
  run.costUsd += event.costUsd;
  if (event.at > run.lastAt) run.lastAt = event.at;
}

export function addSnapshotTo(span: Span, snapshot: SnapshotFact): void {
  widen(span, snapshot.at, snapshot.at);
  addSnapshot(cellIn(span, snapshot.cell), snapshot);
}

/** The run of an event that was added as live has snapshots now. */
export function settleIn(span: Span, event: EventFact): void {
  addLiveEvent(cellIn(span, event.cell), event, -1);
}

export function addCells(target: Span, source: Span): void {
  widen(target, source.firstAt, source.lastAt);
  // Not as entries: before the engine has compiled it, taking those apart takes four times as long, and
  // much of a first screen is spent here.
  source.cells.forEach((sums, cell) => {
    addSums(cellIn(target, cell), sums);
  });
}

export function addSpan(target: Span, source: Span): void {
  addCells(target, source);
  addRuns(target.runs, source.runs);
}
