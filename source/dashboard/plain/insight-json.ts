import type { Insight } from '../../domain/insight.ts';

/** The object that `dashboard --json` prints: unrounded numbers, for other programs. */
export function insightJson(insight: Insight): object {
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
    spend,
    routes: routes.map(routeJson),
    recommendations,
  };
}

function routeJson(route: Insight['routes'][number]): object {
  const { supervisionShare: _, ...told } = route;
  return told;
}
