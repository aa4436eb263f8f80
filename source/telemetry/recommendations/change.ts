import type { Recommendation, Window } from '../../domain/insight.ts';
import { meanOf } from '../../domain/moments.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { changeMinimum, changeSize } from '../../routing/index.ts';
import { compare, holm } from '../statistics/index.ts';
import type { CellSamples } from './cell.ts';
import { points, quality } from './words.ts';

/**
 * Probability of a false `declining` or `improving` anywhere on a screen: 4% in all, which leaves the tests
 * room to be approximations of the 5% that is allowed. A decline costs quality
 * from now on and an improvement can wait, so most of it goes to the decline.
 */
const errorLevels = { declining: 0.03, improving: 0.01 } as const;

/** `declining` and `improving`, corrected over all the cells that were compared. */
export function adviseChange(cells: readonly CellSamples[], window: Window): Recommendation[] {
  const compared = cells
    .filter(({ scores, priorScores }) => Math.min(scores.n, priorScores.n) >= changeMinimum)
    .map((cell) => ({ cell, comparison: compare(cell.scores, cell.priorScores) }));
  return (['declining', 'improving'] as const).flatMap((kind) => {
    const sign = kind === 'declining' ? -1 : 1;
    const pValues = compared.map(({ comparison }) => {
      // Too small to be spoken of; the certainty that it then has none of can only cost it.
      if (sign * comparison.difference < changeSize) return 1;
      const above = comparison.pValueAbove(0);
      return sign > 0 ? above : 1 - above;
    });
    const verdicts = holm(pValues, errorLevels[kind]);
    return compared.flatMap(({ cell, comparison }, index): Recommendation[] => {
      const { rejected = false, level = 0 } = verdicts[index] ?? {};
      if (!rejected) return [];
      const { model, taskType, scores, priorScores } = cell;
      const evidence = {
        n: scores.n,
        nAlternative: priorScores.n,
        difference: comparison.difference,
        ...comparison.bounds(level),
        value: meanOf(scores),
        valueAlternative: meanOf(priorScores),
        comparisons: compared.length,
      };
      const moved = `${quality(evidence.valueAlternative)} → ${quality(evidence.value)}`;
      const change = `${points(comparison.difference)} over ${window.days} days, n ${priorScores.n}/${scores.n}`;
      const label = taskTypeLabel(taskType);
      const message =
        kind === 'declining'
          ? `Consider taking ${model} off ${label} tasks: its quality is declining, ${moved} (−${change})`
          : `Consider giving ${model} more ${label} tasks: its quality is improving, ${moved} (+${change})`;
      return [{ kind, taskType, model, evidence, message }];
    });
  });
}
