import { comparedModels } from '../state/compare-models.ts';
import { comparedRuns } from '../state/compare-runs.ts';
import type { AppState } from '../state/state.ts';
import type { RunArchive } from '../options.ts';
import { comparisonSentences } from '../tables/comparison.ts';

/** The first two models side by side, or among the runs the last two, as sentences. */
export function comparedLines(
  { tab, insight }: Pick<AppState, 'tab' | 'insight'>,
  archive: RunArchive | undefined,
  now: number,
): string[] {
  if (tab === 'runs') {
    const [one, other] = archive?.list(now) ?? [];
    if (archive === undefined || one === undefined || other === undefined) {
      return ['COMPARED: there are no two runs here.'];
    }
    const read = ({ projectId }: typeof one) => archive.read(projectId, now).state;
    try {
      const rows = comparedRuns([read(one), read(other)], now);
      return comparisonSentences(rows, [one.projectId, other.projectId]);
    } catch {
      return ['COMPARED: the last two runs cannot be read.'];
    }
  }
  const [one, other] = insight?.rankings ?? [];
  if (insight === undefined || one === undefined || other === undefined) {
    return ['COMPARED: there are no two models in this window.'];
  }
  const names = [one.model, other.model] as const;
  return comparisonSentences(comparedModels(insight, names), names);
}
