import type { JudgeStanding } from '../../domain/judge-standing.ts';
import { compareText } from '../../domain/ordering.ts';
import { normalQuantile } from '../statistics/index.ts';
import { moneyKey } from '../sums/detail.ts';
import { judgesOf } from './severity.ts';
import type { View } from './view.ts';

/** Who judged in the window, those who were paid most first. */
export function judgeStandings({ whole }: View): JudgeStanding[] {
  const { judges } = judgesOf(whole);
  return judges
    .map(({ judge, n, severity, standardError, selfPreference, tellsNothing }): JudgeStanding => {
      // Nothing compares a judge whose severity is exactly none.
      const isKnown = severity !== 0;
      const off = normalQuantile * standardError;
      return {
        judge,
        judgements: n,
        costUsd: whole.detail.money.get(moneyKey(judge, 'judge'))?.costUsd ?? 0,
        severity: isKnown
          ? { estimate: severity, low: severity - off, high: severity + off }
          : null,
        selfPreference: isKnown && selfPreference !== 0 ? selfPreference : null,
        tellsNothing,
      };
    })
    .toSorted(
      (a, b) =>
        b.costUsd - a.costUsd || b.judgements - a.judgements || compareText(a.judge, b.judge),
    );
}
