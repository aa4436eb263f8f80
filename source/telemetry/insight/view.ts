import type { Window } from '../../domain/insight.ts';
import type { Cells } from '../sums/fact-rows.ts';
import { createTotal, type Days } from '../sums/days.ts';
import { addSums, type Field, fieldsReadBy, noSums, scoresBy, type Sums } from '../sums/fields.ts';
import { addEach, type PeriodSums, remembered } from '../sums/period.ts';
import { addDetail, type Detail, noDetail, type RunSums } from '../sums/detail.ts';
import { createRunCount, runsOf } from './window-runs.ts';
import {
  dayOf,
  daySeconds,
  horizonDays,
  horizonStart,
  hourOf,
  hourSeconds,
  justAfter,
} from '../sums/time.ts';

/** A window of the history and the one before it, read once. */
export type View = {
  window: Window;
  cells: Cells;
  /** All in the window but for its runs and its quarters of hours. */
  whole: PeriodSums;
  /** The runs of the window: how many did a task, and each of them, added up only where somebody asks. */
  runCount: number;
  runs: () => ReadonlyMap<string, RunSums>;
  /** Its cells alone. */
  prior: PeriodSums;
  /** The window in parts, oldest first. */
  parts: readonly (Part & { sums: PeriodSums })[];
  /** The cells of the history that routing uses: 90 days up to the end of the window; some of their sums alone. */
  recent: PeriodSums;
  /** The same day by day, oldest first. */
  recentDays: readonly (Part & { sums: PeriodSums })[];
  /**
   * What tests of advice go by, oldest first: all from {@link evidenceStart} to the day on which the window
   * begins as one slice, which starts on the first day that has anything, then the window day by day. Absent of a
   * view that was asked for without.
   */
  evidence?: readonly EvidenceSlice[];
  /** Rows that are dated after the window, by another clock or in another unit. */
  ahead: number;
};

/** `day`: Unix seconds at which the slice begins. */
export type EvidenceSlice = { day: number; sums: PeriodSums };

/** An open dashboard moves the edges of its window at least so often, in seconds. */
export const edgeSeconds = 60;

export function windowOf(days: number, now: number): Window {
  return { days, from: now - days * daySeconds, to: now };
}

/** The start of the window before. */
function priorStart({ days, from }: Window): number {
  return from - days * daySeconds;
}

/**
 * Where the evidence behind advice begins: two whole quarters of 90 days back, or with the window. It moves but
 * once a quarter, since a test that begins anew every day would be fooled by chance some day.
 */
export function evidenceStart({ from, to }: Window): number {
  const quarter = horizonDays * daySeconds;
  return Math.min(dayOf(from), (Math.floor(to / quarter) - 1) * quarter);
}

/** Whether a view is wanted with the evidence behind advice, which reaches further back than all else. */
export type ViewOptions = { withEvidence: boolean };

/** How far back a view reaches. */
export function viewStart(window: Window, { withEvidence }: ViewOptions): number {
  const start = Math.min(priorStart(window), horizonStart(window.to));
  return withEvidence ? Math.min(start, evidenceStart(window)) : start;
}

/** Of {@link View.recent}: how many calls there were, and what a task costs. */
const recentFields = [
  'calls',
  'liveCalls',
  'liveScoredCalls',
  'tasks',
  'unbilledTasks',
  'cost',
  'costSquared',
  'ownCalls',
  'ownCost',
  'ownCostSquared',
  'callCost',
  'liveCost',
  'livePricedCalls',
] as const satisfies Field[];
/** Of {@link View.evidence}, see `samplesOf`. */
const evidenceFields: Field[] = [
  ...fieldsReadBy(scoresBy),
  'failures',
  'emptyTasks',
  'outcomeTasks',
];

/** Quarters of hours are gone through part by part, and runs where they are asked for. */
function addMoneyOnly(target: Detail, { money, leftOut }: Detail): void {
  addDetail(target, { ...noDetail(), money, leftOut });
}

/** Days that views are made of. */
type ViewedDays = Pick<Days, 'period'> & {
  /** Where a period begins that would begin at some time, and need too many rows for that. */
  edgeOf?: (at: number) => number;
};

const same = (at: number): number => at;

/** Makes views of one history, one after another. */
export function createViews(
  cells: Cells,
): (window: Window, history: ViewedDays, ahead: number, options: ViewOptions) => View {
  const countRuns = createRunCount();
  const totalOf = {
    window: createTotal({ addDetail: addMoneyOnly }),
    prior: createTotal(),
    recent: createTotal({ only: recentFields }),
    before: createTotal({ only: evidenceFields }),
  };
  return (given, history, ahead, { withEvidence }) => {
    const edgeOf = history.edgeOf ?? same;
    const window = given.days <= hourlyDays ? given : { ...given, from: edgeOf(given.from) };
    const { days, from, to } = window;
    const sumsOf = (period: Period): (Part & { sums: PeriodSums })[] =>
      partsOf(period).map((part) => ({ ...part, sums: history.period(part.from, part.before) }));
    const parts = sumsOf({ days, from, before: justAfter(to) });
    const prior = sumsOf({ days, from: priorStart(window), before: from });
    const before = justAfter(to);
    const recent = sumsOf({ days: horizonDays, from: edgeOf(horizonStart(to)), before });
    const daysFrom = (start: number, end: number): EvidenceSlice[] =>
      daysBetween(start, end).map((day) => ({
        day,
        sums: history.period(day, Math.min(day + daySeconds, before)),
      }));
    const evidence = (): EvidenceSlice[] => {
      const start = evidenceStart(window);
      const earlier = daysFrom(start, dayOf(from));
      const first = earlier.find(hasAny);
      const all = earlier.map(({ sums }) => sums);
      return [
        ...(first === undefined ? [] : [{ day: first.day, sums: totalOf.before(all) }]),
        ...daysFrom(dayOf(from), before),
      ];
    };
    return {
      window,
      cells,
      whole: totalOf.window(changingLast(parts)),
      runCount: countRuns(changingLast(parts)),
      runs: () => runsOf(parts),
      prior: totalOf.prior(changingLast(prior)),
      parts,
      recent: totalOf.recent(changingLast(recent)),
      recentDays: recent,
      ...(withEvidence ? { evidence: evidence() } : {}),
      ahead,
    };
  };
}

/** Rows dated so far ahead are of another clock, not of one that is a little fast; seconds. */
const clockSlackSeconds = 300;

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

/** What an engine's `view` hands up. */
export function viewIn(past: SummedPast, window: Window, options = complete): View {
  return past.within(viewReach(window, options), (days) =>
    past.viewOf(window, days, past.ahead(window.to + clockSlackSeconds), options),
  );
}

function daysBetween(from: number, before: number): number[] {
  const count = Math.max(0, Math.ceil((before - from) / daySeconds));
  return Array.from({ length: count }, (_, index) => from + index * daySeconds);
}

/** Whether anything happened then. */
export const hasAny = ({ sums }: { sums: PeriodSums }): boolean => sums.cells.size > 0;

/** Only the first and the last part of a window change from one look to the next. */
function changingLast(parts: readonly { sums: PeriodSums }[]): PeriodSums[] {
  const [edge, ...others] = parts.map(({ sums }) => sums);
  return edge === undefined ? [] : [...others, edge];
}

/** The sums of a period per model, over all its task types; to be read only. */
export const byModel = remembered((period: PeriodSums, cells: Cells): ReadonlyMap<string, Sums> => {
  const models = new Map<string, Sums>();
  addEach(period, (cell) => {
    const { model } = cells.of(cell);
    let all = models.get(model);
    if (all === undefined) models.set(model, (all = noSums(false)));
    return all;
  });
  return models;
});

/** A slice of a chart, from `from` up to `before`. */
export type Slice = {
  from: number;
  before: number;
  /** The sums of a model in it, undefined where it did nothing then. */
  of(model: string): Sums | undefined;
};

export function slicesOf({ parts, cells }: View): Slice[] {
  const slices: (Slice & { models: ReadonlyMap<string, Sums>[] })[] = [];
  for (const { slice, from, before, sums } of parts) {
    const models = byModel(sums, cells);
    const begun = slices[slice];
    if (begun === undefined) {
      const all = [models];
      slices.push({ from, before, models: all, of: (model) => pooled(model, all) });
    } else {
      begun.before = before;
      begun.models.push(models);
    }
  }
  return slices;
}

function pooled(model: string, parts: readonly ReadonlyMap<string, Sums>[]): Sums | undefined {
  if (parts.length === 1) return parts[0]?.get(model);
  const [first, ...others] = parts.flatMap((models) => {
    const sums = models.get(model);
    return sums === undefined ? [] : [sums];
  });
  if (first === undefined || others.length === 0) return first;
  const sum = first.slice();
  for (const sums of others) addSums(sum, sums);
  return sum;
}

/** Slices that a window is shown in, about. */
const aboutSlices = 30;
/** Up to here slices are shorter than a day. */
const hourlyDays = 3;

/** from ≤ time < before, within one UTC day; `slice` numbers the slice of a chart that it belongs to, from 0. */
export type Part = { from: number; before: number; slice: number };

/** So many days, with from ≤ time < before. */
type Period = { days: number; from: number; before: number };

/**
 * The hours (of a few days) or days that so many days are made of, oldest first; all but the first start
 * on the hour or day. A slice of a chart is one or several of them.
 */
export function partsOf({ days, from, before: end }: Period): Part[] {
  const hourly = days <= hourlyDays;
  const step = hourly ? hourSeconds : daySeconds;
  const first = hourly ? hourOf(from) : dayOf(from);
  const perSlice = Math.max(1, Math.ceil((days * daySeconds) / step / aboutSlices));
  const parts: Part[] = [];
  for (let start = first, index = 0; start < end; start += step, index += 1) {
    parts.push({
      from: Math.max(start, from),
      before: Math.min(start + step, end),
      slice: Math.floor(index / perSlice),
    });
  }
  return parts;
}
