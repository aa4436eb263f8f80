import type { Insight } from '../../domain/insight.ts';
import type { JudgeStanding } from '../../domain/judge-standing.ts';
import type { JudgeAgreement } from '../../domain/outcome.ts';
import type { MoneyLimits, MonthSpend } from '../../domain/month-spend.ts';

/** The object that `dashboard --json` prints: unrounded numbers, for other programs. */
export function insightJson(
  insight: Insight,
  { monthBudgetUsd }: MoneyLimits = {},
  agreements: readonly JudgeAgreement[] = [],
): object {
  const { window, summary, rankings, leaders, spend, routes, recommendations } = insight;
  return {
    window: { days: window.days, from: window.from, to: window.to },
    // Days that savings per month are worked out by: of a shorter history those on record.
    paceDays: insight.paceDays,
    summary,
    rankings: rankings.map((ranking) => ({
      model: ranking.model,
      valueScore: ranking.valueScore,
      trendPercent: ranking.trendPercent,
      confidence: ranking.confidence,
      callCount: ranking.callCount,
      averageCostUsd: ranking.averageCostUsd,
      qualityScore: ranking.qualityScore,
    })),
    leaders: Object.fromEntries(
      Object.entries(leaders).map(([taskType, { model, qualityScore, confidence }]) => [
        taskType,
        { model, qualityScore, confidence },
      ]),
    ),
    spend: {
      ...spend,
      byDay: insight.spendByDay,
      byProject: insight.spendByProject,
    },
    month: monthJson(insight.month, monthBudgetUsd),
    routes: routes.map(routeJson),
    recommendations,
    judges: insight.judges.map((judge) => judgeJson(judge, agreements)),
  };
}

/** Dollars; `from`, `to`: the month in Unix seconds; null: not known, or none. */
function monthJson({ from, to, spentUsd, forecast }: MonthSpend, budgetUsd?: number): object {
  return {
    from,
    to,
    spentUsd,
    forecastUsd: forecast?.usd ?? null,
    forecastInterval: forecast === null ? null : [forecast.lowUsd, forecast.highUsd],
    budgetUsd: budgetUsd ?? null,
  };
}

/** `outcomes`: how far it agrees with what was found of results that were picked at random; null: nothing was yet. */
function judgeJson(judge: JudgeStanding, agreements: readonly JudgeAgreement[]): object {
  const found = agreements.find((one) => one.judge === judge.judge);
  if (found === undefined) return { ...judge, outcomes: null };
  const { judge: _, ...outcomes } = found;
  return { ...judge, outcomes };
}

function routeJson(route: Insight['routes'][number]): object {
  const { supervisionShare: _, ...shown } = route;
  return shown;
}
