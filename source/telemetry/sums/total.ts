import { type Field, positionOf } from './fields.ts';
import { copyOfJudgements } from './judgements.ts';
import { addCells, type Detail, emptyPeriod, type PeriodSums } from './period.ts';

/** Adds up periods. The sums are to be read only, or `toAddTo`: the caller's own. */
export type Total = (periods: readonly PeriodSums[], options?: { toAddTo: boolean }) => PeriodSums;

/**
 * For someone who adds up nearly the same periods again and again: the sums of those that come first and
 * did not change since the last time are at hand; where none changed, they are the same object. `addDetail`
 * adds what is wanted besides the cells; `only` names the sums that are wanted, where not all are.
 */
export function createTotal({
  aged = false,
  only,
  addDetail,
}: {
  aged?: boolean;
  only?: readonly Field[];
  addDetail?: (target: Detail, source: Detail) => void;
} = {}): Total {
  const positions = only?.map(positionOf);
  let last: { period: PeriodSums; version: number }[] = [];
  /** The sums of so many of the first. */
  let known = { count: 0, sums: emptyPeriod(aged) };

  const add = (into: PeriodSums, periods: readonly PeriodSums[]): PeriodSums => {
    for (const period of periods) {
      addCells(into, period, positions);
      // It is taken apart only where somebody wants it.
      addDetail?.(into.detail, period.detail);
    }
    return into;
  };

  return (periods, { toAddTo } = { toAddTo: false }) => {
    const changed = periods.findIndex(
      (period, index) => last[index]?.period !== period || last[index].version !== period.version,
    );
    const count = changed < 0 ? periods.length : changed;
    if (count !== known.count) {
      known = { count, sums: add(emptyPeriod(aged), periods.slice(0, count)) };
    }
    last = periods.map((period) => ({ period, version: period.version }));
    return count === periods.length && !toAddTo
      ? known.sums
      : add(copyOf(known.sums), periods.slice(count));
  };
}

function copyOf(period: PeriodSums): PeriodSums {
  const { runs, money, quarters, leftOut } = period.detail;
  return {
    ...period,
    inColumns: undefined,
    cells: new Map(Array.from(period.cells, ([cell, sums]) => [cell, sums.slice()])),
    judgements: copyOfJudgements(period.judgements),
    detail: { runs: new Map(runs), money: new Map(money), quarters: new Map(quarters), leftOut },
  };
}
