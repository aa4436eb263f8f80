import type { Insight } from '../../domain/insight.ts';
import type { DataStatus } from '../state/state.ts';
import { changesBetween } from './changes.ts';
import { runChangesBetween, type RunSnapshot } from './run-changes.ts';
import { dataStatusChanges } from './data-status.ts';

/** What was announced last: how the database was, what it said last, and the runs. */
export type Snapshot = {
  data: DataStatus;
  insight: Insight | undefined;
  runs: readonly RunSnapshot[];
};

export type Changes = {
  sentences: string[];
  /** There was nothing to compare with: the view itself is what changed. */
  isViewNew: boolean;
};

/** What changed since the snapshot `before`. */
export function changesSince(
  before: Snapshot,
  after: Snapshot,
  { path, watched }: { path: string; watched?: string | undefined },
): Changes {
  const earlier = before.insight;
  const { insight } = after;
  const isComparable = earlier?.window.days === insight?.window.days;
  return {
    sentences: [
      ...dataStatusChanges(before.data, after.data, path, earlier !== undefined),
      ...(earlier === undefined || insight === undefined || !isComparable
        ? []
        : changesBetween(earlier, insight)),
      ...runChangesBetween(before.runs, after.runs, watched),
    ],
    isViewNew: insight !== undefined && !isComparable,
  };
}
