import type { SummedDays } from '../reads.ts';
import type { Days } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import { type AddFact, addPeriod, emptyPeriod, type PeriodSums } from '../sums/period.ts';
import { dayOf } from '../sums/time.ts';

/**
 * Days with the rows of runs that go on laid over them. When such a run ends its rows count in another
 * way: apart, nothing has to be added up anew for it.
 */
export function withOpenRuns(
  days: Days,
  open: ReadonlyMap<string, readonly Fact[]>,
  { addFact, aged }: { addFact: AddFact; aged: boolean },
): SummedDays {
  const rows = [...open.values()].flat();
  const added = (sums: PeriodSums, facts: readonly Fact[]): PeriodSums => {
    if (facts.length === 0) return sums;
    const total = emptyPeriod(aged);
    addPeriod(total, sums);
    for (const fact of facts) addFact(total, fact);
    return total;
  };
  const rowsIn = (from: number, before: number): Fact[] =>
    rows.filter(({ at }) => at >= from && at < before);
  return {
    period: (from, before) => added(days.period(from, before), rowsIn(from, before)),
    periodWithout: (projectId, from, before) =>
      added(
        days.periodWithout(projectId, from, before),
        rowsIn(from, before).filter((fact) => fact.projectId !== projectId),
      ),
    hasRun: (day, projectId) =>
      days.hasRun(day, projectId) ||
      open.get(projectId)?.some(({ at }) => dayOf(at) === day) === true,
    starts: () =>
      [...new Set([...days.starts(), ...rows.map(({ at }) => dayOf(at))])].toSorted(
        (a, b) => a - b,
      ),
  };
}
