import {
  addDetail,
  addJudgement,
  addJudgements,
  addMoney,
  addQuarter,
  addRun,
  addServed,
  type Detail,
  type Judgements,
  noDetail,
  noJudgements,
  type RunSums,
  type RunDigests,
} from './detail.ts';
import {
  type CallFact,
  type EventFact,
  type Fact,
  isAuthors,
  isUsable,
  judgementIn,
} from './facts.ts';
import {
  addSums,
  addTo,
  factorOf,
  noSums,
  positionOf,
  type Sums,
  type ValueOf,
  valuesOf,
  width,
} from './fields.ts';
import { quarterOf } from './time.ts';

/** A column of numbers; undefined: all of them are zero. */
export type Column = Float64Array | Uint16Array | undefined;

/** Cells by their rows, and of the fields below `width` one column each. */
export type InColumns = {
  readonly cells: readonly number[];
  readonly width: number;
  readonly column: (field: number) => Column;
};

/** All that happened in a period, summed up. */
export type PeriodSums = {
  /** Times of the first and the last record in it. */
  firstAt: number;
  lastAt: number;
  /** Whether the sums weighted by age are among them. */
  aged: boolean;
  /** By the number of the (model, task type). */
  readonly cells: Map<number, Sums>;
  /** The same as it was kept, as long as nothing was added to it: cheaper to go through. */
  inColumns?: InColumns | undefined;
  readonly detail: Detail;
  /** The runs in it that did a task, where that is kept: cheaper than to take its runs apart. */
  runDigests?: (() => RunDigests) | undefined;
  readonly judgements: Judgements;
  /** Whether any run in it was counted as one without snapshots, or without calls, see {@link RunSums}. */
  hasLive: boolean;
  hasUnbilled: boolean;
  /** Grows with every change. */
  version: number;
};

/** What is known of runs while rows are added up. */
export type RunKnowledge = {
  /** Whether a run has no snapshots. */
  isLive(projectId: string): boolean;
  /** Whether calls of a run are recorded one by one. */
  isBilled(projectId: string): boolean;
};

export function emptyPeriod(aged: boolean): PeriodSums {
  return {
    firstAt: Infinity,
    lastAt: -Infinity,
    aged,
    cells: new Map(),
    detail: noDetail(),
    judgements: noJudgements(),
    hasLive: false,
    hasUnbilled: false,
    version: 0,
  };
}

/** The sums of a cell, to be changed. */
export function cellIn(period: PeriodSums, cell: number): Sums {
  const { cells } = period;
  period.version += 1;
  period.inColumns = undefined;
  let sums = cells.get(cell);
  if (sums === undefined) cells.set(cell, (sums = noSums(period.aged)));
  return sums;
}

/**
 * Adds the sums of every cell to those that `sumsFor` gives, where it gives any; those that are weighted by
 * age times `factor`. `only`: the positions of the sums that are wanted, where not all are; others may be
 * added as well. Much of a first screen is spent here.
 */
export function addEach(
  source: PeriodSums,
  sumsFor: (cell: number) => Sums | undefined,
  { factor = 1, only }: { factor?: number; only?: readonly number[] | undefined } = {},
): void {
  if (source.inColumns === undefined) {
    source.cells.forEach((sums, cell) => {
      const target = sumsFor(cell);
      if (target !== undefined) addSums(target, sums, factor);
    });
    return;
  }
  const { cells, width, column } = source.inColumns;
  const targets = cells.map(sumsFor);
  const fields = only ?? upTo(width);
  for (const field of fields) {
    const values = column(field);
    if (values !== undefined) addColumn(targets, field, values, factorOf(field, factor));
  }
}

function addColumn(
  targets: readonly (Sums | undefined)[],
  field: number,
  values: NonNullable<Column>,
  factor: number,
): void {
  for (let row = 0; row < targets.length; row += 1) {
    const target = targets[row];
    // Sums without those weighted by age stay without them.
    if (target === undefined || field >= target.length) continue;
    target[field] = (target[field] ?? 0) + factor * (values[row] ?? 0);
  }
}

function upTo(end: number): readonly number[] {
  return end === width ? allPositions : allPositions.slice(0, end);
}

/** Goes through the cells, each with its sums by their names, to be read before the next one's. */
export function eachCell(period: PeriodSums, use: (cell: number, valueOf: ValueOf) => void): void {
  if (period.inColumns === undefined) {
    period.cells.forEach((sums, cell) => use(cell, valuesOf(sums)));
    return;
  }
  const { cells, column } = period.inColumns;
  let row = 0;
  const value: ValueOf = (field) => column(positionOf(field))?.[row] ?? 0;
  for (; row < cells.length; row += 1) use(cells[row] ?? -1, value);
}

const allPositions = Array.from({ length: width }, (_, index) => index);

function widen(period: PeriodSums, firstAt: number, lastAt: number): void {
  if (firstAt < period.firstAt) period.firstAt = firstAt;
  if (lastAt > period.lastAt) period.lastAt = lastAt;
}

const noRun: RunSums = {
  tasks: 0,
  scored: 0,
  score: 0,
  costUsd: 0,
  paidUsd: 0,
  lastAt: -Infinity,
  live: false,
  unbilled: false,
};

/** Adds a row to a period. */
export type AddFact = (period: PeriodSums, fact: Fact) => void;

export function createAddFact(knowledge: RunKnowledge): AddFact {
  const addEvent = (period: PeriodSums, event: EventFact): void => {
    const { detail } = period;
    const { projectId, score, costUsd, at } = event;
    const live = knowledge.isLive(projectId);
    const billed = knowledge.isBilled(projectId);
    const sums = cellIn(period, event.cell);
    addTo.event(sums, event);
    if (event.outcome !== undefined) {
      addTo.outcome(sums, event);
      if (!live) addTo.settledOutcome(sums, event);
    }
    if (!billed) addTo.unbilledEvent(sums, event);
    if (live) addTo.liveEvent(sums, event);
    if (live && !billed) addTo.liveCost(sums, event);
    addRun(detail, projectId, {
      tasks: 1,
      scored: score === null ? 0 : 1,
      score: score ?? 0,
      costUsd,
      paidUsd: billed ? 0 : costUsd,
      lastAt: at,
      live,
      unbilled: !billed,
    });
    period.hasLive ||= live;
    period.hasUnbilled ||= !billed;
    addQuarter(detail, quarterOf(at), { costUsd: billed ? 0 : costUsd, tasks: 1 });
  };

  const addCall = (period: PeriodSums, call: CallFact): void => {
    const { detail } = period;
    const { projectId, model, role, costUsd, at } = call;
    const live = knowledge.isLive(projectId);
    if (call.cell >= 0) addTo.call(cellIn(period, call.cell), call);
    if (live && isAuthors(call)) addTo.liveCall(cellIn(period, call.cell), call);
    addRun(detail, projectId, { ...noRun, live, paidUsd: costUsd });
    period.hasLive ||= live;
    addQuarter(detail, quarterOf(at), { costUsd, tasks: 0 });
    addMoney(detail, { model, role, costUsd, calls: 1 });
    period.judgements.providers.set(model, call.provider);
    if (isAuthors(call) && call.answered && call.served !== null) {
      const { taskType, served } = call;
      addServed(period.judgements, { model, taskType, served, calls: 1 });
    }
    const judgement = judgementIn(call);
    if (judgement === undefined) return;
    const { subject, score } = judgement;
    const { taskType } = call;
    const once = { judge: model, subject, taskType, n: 1, sum: score, sumOfSquares: score ** 2 };
    addJudgement(period.judgements, once);
  };

  return (period, fact) => {
    widen(period, fact.at, fact.at);
    period.version += 1;
    period.runDigests = undefined;
    if (!isUsable(fact)) {
      period.detail.leftOut += 1;
    } else if (fact.kind === 'event') {
      addEvent(period, fact);
    } else if (fact.kind === 'call') {
      addCall(period, fact);
    } else {
      addTo.snapshot(cellIn(period, fact.cell), fact);
      addRun(period.detail, fact.projectId, noRun);
    }
  };
}

/** Adds the sums of a period's cells, and who judged them, to another's; `only` as in {@link addEach}. */
export function addCells(target: PeriodSums, source: PeriodSums, only?: readonly number[]): void {
  widen(target, source.firstAt, source.lastAt);
  target.hasLive ||= source.hasLive;
  target.hasUnbilled ||= source.hasUnbilled;
  addEach(source, (cell) => cellIn(target, cell), { only });
  addJudgements(target.judgements, source.judgements);
}

/** Adds all of a period to another. */
export function addPeriod(target: PeriodSums, source: PeriodSums): void {
  target.version += 1;
  target.runDigests = undefined;
  addCells(target, source);
  addDetail(target.detail, source.detail);
}

/** What follows from a period is worked out once, as long as the period does not change: past days do not. */
export function remembered<Others extends unknown[], Result>(
  workOut: (period: PeriodSums, ...others: Others) => Result,
): typeof workOut {
  const known = new WeakMap<PeriodSums, { version: number; result: Result }>();
  return (period, ...others) => {
    const before = known.get(period);
    if (before?.version === period.version) return before.result;
    const result = workOut(period, ...others);
    known.set(period, { version: period.version, result });
    return result;
  };
}

/** Whether sums that were made of runs as they were still hold, now that these have snapshots or calls. */
export function holds(
  period: PeriodSums,
  { settled, billed }: { settled: readonly string[]; billed: readonly string[] },
): boolean {
  return !(
    // Taken apart only where it has to be.
    (period.hasLive && settled.some((id) => period.detail.runs.get(id)?.live === true)) ||
    (period.hasUnbilled && billed.some((id) => period.detail.runs.get(id)?.unbilled === true))
  );
}
