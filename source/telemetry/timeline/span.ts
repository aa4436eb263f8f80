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

/** What one run did in a span. */
export type ProjectSums = { tasks: number; score: number; costUsd: number; lastAt: number };

/** All that happened in a span of time, summed up per cell (by its number) and per run. */
export type Span = {
  /** Times of the first and the last record in it. */
  firstAt: number;
  lastAt: number;
  cells: Map<number, Sums>;
  projects: Map<string, ProjectSums>;
};

export function emptySpan(): Span {
  return { firstAt: Infinity, lastAt: -Infinity, cells: new Map(), projects: new Map() };
}

export function cellIn(span: Span, cell: number): Sums {
  let sums = span.cells.get(cell);
  if (sums === undefined) span.cells.set(cell, (sums = noSums()));
  return sums;
}

export function projectIn(span: Span, projectId: string): ProjectSums {
  let sums = span.projects.get(projectId);
  if (sums === undefined) {
    sums = { tasks: 0, score: 0, costUsd: 0, lastAt: -Infinity };
    span.projects.set(projectId, sums);
  }
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
  const project = projectIn(span, event.projectId);
  project.tasks += 1;
  project.score += event.score;
  project.costUsd += event.costUsd;
  if (event.at > project.lastAt) project.lastAt = event.at;
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
  for (const [cell, sums] of source.cells) addSums(cellIn(target, cell), sums);
}

export function addSpan(target: Span, source: Span): void {
  addCells(target, source);
  for (const [projectId, sums] of source.projects) {
    const project = projectIn(target, projectId);
    project.tasks += sums.tasks;
    project.score += sums.score;
    project.costUsd += sums.costUsd;
    if (sums.lastAt > project.lastAt) project.lastAt = sums.lastAt;
  }
}
