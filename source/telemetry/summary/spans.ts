import { runsOf } from '../timeline/runs.ts';
import { addEventTo, addSnapshotTo, emptySpan, type Span } from '../timeline/span.ts';
import { dayOf, type EventFact, hourOf, type SnapshotFact } from '../timeline/sums.ts';
import type { Bucket, ProjectBucket } from './codec.ts';

/** Spans by the start of their hour or day. */
export type Spans = Map<number, Span>;

export function spanAt(spans: Spans, start: number, aged = true): Span {
  let span = spans.get(start);
  if (span === undefined) spans.set(start, (span = emptySpan(aged)));
  return span;
}

export function startOf(at: number, bucketSeconds: number): number {
  return bucketSeconds === 3600 ? hourOf(at) : dayOf(at);
}

export function eventSpans(
  events: readonly EventFact[],
  bucketSeconds: number,
  isLive: (projectId: string) => boolean,
): Spans {
  const spans: Spans = new Map();
  for (const event of events) {
    addEventTo(spanAt(spans, startOf(event.at, bucketSeconds)), event, isLive(event.projectId));
  }
  return spans;
}

export function snapshotSpans(snapshots: readonly SnapshotFact[], bucketSeconds: number): Spans {
  const spans: Spans = new Map();
  for (const snapshot of snapshots) {
    addSnapshotTo(spanAt(spans, startOf(snapshot.at, bucketSeconds)), snapshot);
  }
  return spans;
}

/** Spans as they are stored; `stored` turns a cell's number into the one of `summary_cells`. */
export function bucketsOf(spans: Spans, stored: (cell: number) => number): Bucket[] {
  return [...spans]
    .toSorted(([a], [b]) => a - b)
    .map(([start, { firstAt, lastAt, cells }]) => ({
      start,
      firstAt,
      lastAt,
      cells: [...cells].map(([cell, sums]) => [stored(cell), sums] as const),
    }));
}

export function projectBucketsOf(spans: Spans): ProjectBucket[] {
  return [...spans]
    .toSorted(([a], [b]) => a - b)
    .map(([start, { runs }]) => [
      start,
      [...runsOf(runs)].map(([projectId, { tasks, scored, score, costUsd, lastAt }]) => [
        projectId,
        tasks,
        score,
        costUsd,
        lastAt,
        scored,
      ]),
    ]);
}
