import type { Window } from '../domain/insight.ts';
import type { DaysWanted, HistoryReads } from './engine.ts';
import {
  type createViews,
  type View,
  type ViewedDays,
  type ViewOptions,
  viewStart,
} from './insight/view.ts';
import type { Cells } from './sums/fact-rows.ts';
import type { Days } from './sums/days.ts';
import { daySeconds, justAfter } from './sums/time.ts';

/** Rows dated so far ahead are of another clock, not of one that is a little fast; seconds. */
export const clockSlackSeconds = 300;

/** How much of the history is needed, in Unix seconds: from ≤ time < before. */
export type Reach = {
  from: number;
  before: number;
  /** Whether sums weighted by age are. */
  aged: boolean;
  /** From when on single runs are; absent where they are not. */
  runsFrom?: number;
};

/** What views and warm starts ask of the days of a history. */
export type SummedDays = Pick<Days, 'period' | 'periodWithout' | 'hasRun' | 'starts'> & ViewedDays;

/** A history of which days can be had, on whatever engine. */
export type SummedPast = {
  readonly cells: Cells;
  /** Makes views of what {@link SummedPast.within} hands out. */
  viewOf: ReturnType<typeof createViews>;
  /** Runs `action` on one state of the history, brought up to date and reaching far enough. */
  within<Result>(reach: Reach, action: (days: SummedDays) => Result): Result;
  /** How many rows there are of `from`, which lies ahead of the clock, or later. */
  ahead(from: number): number;
};

const complete: ViewOptions = { withEvidence: true };

export function viewReach(window: Window, options: ViewOptions = complete): Reach {
  const { from: runsFrom, to } = window;
  return { from: viewStart(window, options), before: justAfter(to), aged: false, runsFrom };
}

export function daysReach({ from, to }: DaysWanted): Reach {
  return { from, before: justAfter(to), aged: true };
}

/** What {@link HistoryReads.view} hands up. */
export function viewIn(past: SummedPast, window: Window, options = complete): View {
  return past.within(viewReach(window, options), (days) =>
    past.viewOf(window, days, past.ahead(window.to + clockSlackSeconds), options),
  );
}

/** What {@link HistoryReads.days} hands up. */
export function daysIn(past: SummedPast, wanted: DaysWanted): ReturnType<HistoryReads['days']> {
  const { exceptProject } = wanted;
  const reach = daysReach(wanted);
  const { from, before } = reach;
  const days = past.within(reach, (all) =>
    all
      .starts()
      .filter((day) => day + daySeconds > from && day < before)
      .map((day) => {
        const start = Math.max(day, from);
        const end = Math.min(day + daySeconds, before);
        // Left out rather than taken off the sums: what rounding leaves would pass for a little of it.
        const isCut = exceptProject !== undefined && all.hasRun(day, exceptProject);
        const sums = isCut ? all.periodWithout(exceptProject, start, end) : all.period(start, end);
        return { day, sums };
      }),
  );
  return { days, cells: past.cells };
}
