import { copyOfJudgements } from './judgements.ts';
import { addCells, type Detail, emptyPeriod, type PeriodSums } from './period.ts';

/** Adds up periods; the sums are the caller's own. */
export type Total = (periods: readonly PeriodSums[]) => PeriodSums;

/**
 * For someone who adds up nearly the same periods again and again: the sums of those that come first and
 * did not change since the last time are at hand. `addDetail` adds what is wanted besides the cells.
 */
export function createTotal(
  aged: boolean,
  addDetail: (target: Detail, source: Detail) => void = () => {},
): Total {
  let last: { period: PeriodSums; version: number }[] = [];
  /** The sums of so many of the first. */
  let known = { count: 0, sums: emptyPeriod(aged) };

  const add = (into: PeriodSums, periods: readonly PeriodSums[]): PeriodSums => {
    for (const period of periods) {
      addCells(into, period);
      addDetail(into.detail, period.detail);
    }
    return into;
  };

  return (periods) => {
    const changed = periods.findIndex(
      (period, index) => last[index]?.period !== period || last[index].version !== period.version,
    );
    const count = changed < 0 ? periods.length : changed;
    if (count !== known.count) {
      known = { count, sums: add(emptyPeriod(aged), periods.slice(0, count)) };
    }
    last = periods.map((period) => ({ period, version: period.version }));
    return add(copyOf(known.sums), periods.slice(count));
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
