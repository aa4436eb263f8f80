import type { Insight } from '../../domain/insight.ts';
import type { MoneyLimits, MonthSpend } from '../../domain/month-spend.ts';

/** The object that `dashboard --json` prints: unrounded numbers, for other programs. */
export function insightJson(insight: Insight, { monthBudgetUsd }: MoneyLimits = {}): object {
  const { window, summary, rankings, leaders, spend, routes, recommendations } = insight;
  return {
    window: { days: window.days, from: window.from, to: window.to },
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

function routeJson(route: Insight['routes'][number]): object {
  const { supervisionShare: _, ...told } = route;
  return told;
}
