import type { Recommendation } from '../../domain/insight.ts';

/** A young history has many cells that need data, and naming each would bury everything else. */
const maxNeedsData = 3;

/** The recommendations that a text names one by one, and how many more only ask for data. */
export function namedRecommendations(recommendations: readonly Recommendation[]): {
  named: Recommendation[];
  unnamed: number;
} {
  const needy = recommendations.filter(({ kind }) => kind === 'needs-data');
  const unnamed = new Set(needy.slice(maxNeedsData));
  return { named: recommendations.filter((item) => !unnamed.has(item)), unnamed: unnamed.size };
}
