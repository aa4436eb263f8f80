import type { Insight } from '../../domain/insight.ts';
import type { DataStatus } from '../state/state.ts';
import { changesBetween } from './changes.ts';
import { runChangesBetween, type RunGlimpse } from './run-changes.ts';
import { troubleBetween } from './trouble.ts';

/** What a listener knows: how the database was, what it said last, and the runs. */
export type Heard = {
  data: DataStatus;
  insight: Insight | undefined;
  runs: readonly RunGlimpse[];
};

export type News = {
  sentences: string[];
  /** There was nothing to compare with: the view itself is the news. */
  isViewNew: boolean;
};

/** What is new to someone who heard `before`. */
export function newsBetween(
  before: Heard,
  after: Heard,
  { path, watched }: { path: string; watched?: string | undefined },
): News {
  const earlier = before.insight;
  const { insight } = after;
  const isComparable = earlier?.window.days === insight?.window.days;
  return {
    sentences: [
      ...troubleBetween(before.data, after.data, path, earlier !== undefined),
      ...(earlier === undefined || insight === undefined || !isComparable
        ? []
        : changesBetween(earlier, insight)),
      ...runChangesBetween(before.runs, after.runs, watched),
    ],
    isViewNew: insight !== undefined && !isComparable,
  };
}
