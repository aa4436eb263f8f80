import type { ModelRanking } from '../../domain/insight.ts';

/** A model that has a quality. */
export type JudgedModel = ModelRanking & { qualityScore: number };

/** Those that no other of them beats on both quality and cost per attempt, the cheapest first. */
export function frontierOf(models: readonly ModelRanking[]): JudgedModel[] {
  const judged = models.filter((one): one is JudgedModel => one.qualityScore !== null);
  const cheapestFirst = judged.toSorted(
    (a, b) => a.averageCostUsd - b.averageCostUsd || b.qualityScore - a.qualityScore,
  );
  let best = -Infinity;
  return cheapestFirst.filter(({ qualityScore }) => {
    if (qualityScore <= best) return false;
    best = qualityScore;
    return true;
  });
}
