import type { SummedDays } from '../insight/view.ts';
import type { Days } from '../sums/days.ts';
import type { Fact } from '../sums/facts.ts';
import { type AddFact, addPeriod, emptyPeriod, type PeriodSums } from '../sums/period.ts';
import { dayOf, daySeconds } from '../sums/time.ts';

/**
 * The rows of runs that may still end. When such a run ends its rows count in another way: apart, nothing
 * has to be added up anew for it.
 */
export type OpenRuns = {
  has(projectId: string): boolean;
  add: (fact: Fact) => void;
  /** Lets go of a run; its rows. */
  take(projectId: string): readonly Fact[];
  /** Days with these rows laid over them. */
  over(days: Days): SummedDays;
};

const isOf = (from: number, before: number, { at }: Fact): boolean => at >= from && at < before;

type Day = {
  facts: Fact[];
  /** Of all of them, once that is needed. */
  sums?: PeriodSums | undefined;
  /** The same with those of the day below, of one version of either. */
  total?: { below: PeriodSums; versions: string; sums: PeriodSums };
};

export function createOpenRuns(addFact: AddFact, aged: boolean): OpenRuns {
  const runs = new Map<string, Fact[]>();
  const days = new Map<number, Day>();

  const summed = (facts: readonly Fact[]): PeriodSums => {
    const sums = emptyPeriod(aged);
    for (const fact of facts) addFact(sums, fact);
    return sums;
  };

  const together = (...periods: PeriodSums[]): PeriodSums => {
    const sums = emptyPeriod(aged);
    for (const period of periods) addPeriod(sums, period);
    return sums;
  };

  const wholeDay = (day: Day, below: PeriodSums): PeriodSums => {
    const sums = (day.sums ??= summed(day.facts));
    const versions = `${below.version} ${sums.version}`;
    if (day.total?.below !== below || day.total.versions !== versions) {
      day.total = { below, versions, sums: together(below, sums) };
    }
    return day.total.sums;
  };

  return {
    has: (projectId) => runs.has(projectId),
    add(fact) {
      const rows = runs.get(fact.projectId);
      if (rows === undefined) runs.set(fact.projectId, [fact]);
      else rows.push(fact);
      const start = dayOf(fact.at);
      const day = days.get(start);
      if (day === undefined) days.set(start, { facts: [fact] });
      else {
        day.facts.push(fact);
        if (day.sums !== undefined) addFact(day.sums, fact);
      }
    },
    take(projectId) {
      const rows = runs.get(projectId) ?? [];
      runs.delete(projectId);
      for (const start of new Set(rows.map(({ at }) => dayOf(at)))) {
        const facts = (days.get(start)?.facts ?? []).filter((fact) => fact.projectId !== projectId);
        if (facts.length === 0) days.delete(start);
        else days.set(start, { facts });
      }
      return rows;
    },
    over: (below) => ({
      period(from, before) {
        const sums = below.period(from, before);
        const day = days.get(dayOf(from));
        if (day === undefined) return sums;
        const { facts } = day;
        if (facts.every((fact) => isOf(from, before, fact))) return wholeDay(day, sums);
        const within = facts.filter((fact) => isOf(from, before, fact));
        return within.length === 0 ? sums : together(sums, summed(within));
      },
      periodWithout(projectId, from, before) {
        const sums = below.periodWithout(projectId, from, before);
        const facts = (days.get(dayOf(from))?.facts ?? []).filter(
          (fact) => fact.projectId !== projectId && isOf(from, before, fact),
        );
        return facts.length === 0 ? sums : together(sums, summed(facts));
      },
      hasRun: (day, projectId) =>
        below.hasRun(day, projectId) ||
        runs.get(projectId)?.some(({ at }) => at >= day && at < day + daySeconds) === true,
      starts: () => [...new Set([...below.starts(), ...days.keys()])].toSorted((a, b) => a - b),
    }),
  };
}
