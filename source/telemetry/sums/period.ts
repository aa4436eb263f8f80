import type { Column } from './columns.ts';
import { addDetail, type Detail, noDetail } from './detail.ts';
import {
  addSums,
  noSums,
  plainWidth,
  positionOf,
  type Sums,
  type ValueOf,
  valuesOf,
} from './fields.ts';

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
  inColumns?:
    | { readonly cells: readonly number[]; readonly columns: readonly Column[] }
    | undefined;
  readonly detail: Detail;
  /** Whether a run may have any row in it; cheaper than to look for it in the detail. */
  hasRun: (projectId: string) => boolean;
  /** Grows with every change. */
  version: number;
};

export function emptyPeriod(aged: boolean): PeriodSums {
  const detail = noDetail();
  return {
    firstAt: Infinity,
    lastAt: -Infinity,
    aged,
    cells: new Map(),
    detail,
    hasRun: (projectId) => detail.runs.has(projectId),
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
 * age times `factor`. Much of a first screen is spent here.
 */
export function addEach(
  source: PeriodSums,
  sumsFor: (cell: number) => Sums | undefined,
  factor = 1,
): void {
  if (source.inColumns === undefined) {
    source.cells.forEach((sums, cell) => {
      const target = sumsFor(cell);
      if (target !== undefined) addSums(target, sums, factor);
    });
    return;
  }
  const { cells, columns } = source.inColumns;
  for (const [row, cell] of cells.entries()) {
    const target = sumsFor(cell);
    if (target !== undefined) addRow(target, columns, row, factor);
  }
}

function addRow(target: Sums, columns: readonly Column[], row: number, factor: number): void {
  // Sums without those weighted by age stay without them.
  const end = Math.min(target.length, columns.length);
  for (let field = 0; field < end; field += 1) {
    const column = columns[field];
    if (column === undefined) continue;
    const value = column[row] ?? 0;
    target[field] = (target[field] ?? 0) + (field < plainWidth ? 1 : factor) * value;
  }
}

/** Goes through the cells, each with its sums by their names. */
export function eachCell(period: PeriodSums, use: (cell: number, valueOf: ValueOf) => void): void {
  if (period.inColumns === undefined) {
    period.cells.forEach((sums, cell) => use(cell, valuesOf(sums)));
    return;
  }
  const { cells, columns } = period.inColumns;
  for (const [row, cell] of cells.entries()) {
    use(cell, (field) => columns[positionOf(field)]?.[row] ?? 0);
  }
}

/** Makes room in time for what is added. */
export function widen(period: PeriodSums, firstAt: number, lastAt: number): void {
  if (firstAt < period.firstAt) period.firstAt = firstAt;
  if (lastAt > period.lastAt) period.lastAt = lastAt;
}

/** Adds the sums of a period's cells to another's. */
export function addCells(target: PeriodSums, source: PeriodSums): void {
  widen(target, source.firstAt, source.lastAt);
  addEach(source, (cell) => cellIn(target, cell));
}

/** Adds all of a period to another. */
export function addPeriod(target: PeriodSums, source: PeriodSums): void {
  target.version += 1;
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
