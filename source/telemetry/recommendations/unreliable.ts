import type { Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { compare, type Comparison, holm, rateMoments } from '../statistics/index.ts';
import type { CellSamples } from './cell.ts';
import { percent } from './words.ts';

/** Attempts from which a rate is spoken of. */
const leastAttempts = 20;
/** How far above the others' a rate must be. */
const tooMuch = 0.1;
const errorLevel = 0.05;

const faults = {
  failures: 'of its calls fail',
  validatorFailures: 'of its answers fail the checks',
} as const;

type Fault = keyof typeof faults;
type Case = { cell: CellSamples; fault: Fault; others: number; comparison: Comparison };

/** `unreliable`: fails, or fails its checks, clearly more often than the other models do on the same tasks. */
export function adviseUnreliable(cells: readonly CellSamples[]): Recommendation[] {
  const totals = totalsByTaskType(cells);
  const cases = cells.flatMap((cell): Case[] => {
    const total = totals.get(cell.taskType) ?? cell;
    const attempts = total.attempts - cell.attempts;
    if (cell.attempts < leastAttempts || attempts < leastAttempts) return [];
    return (['failures', 'validatorFailures'] as const).map((fault) => ({
      cell,
      fault,
      others: attempts,
      comparison: compare(
        rateMoments(Math.min(cell[fault], cell.attempts), cell.attempts),
        rateMoments(Math.min(total[fault] - cell[fault], attempts), attempts),
      ),
    }));
  });
  const verdicts = holm(
    // One that is too small to be spoken of need not be tested, but counts among those looked at.
    cases.map(({ comparison }) =>
      comparison.difference < tooMuch ? 1 : comparison.pValueAbove(0),
    ),
    errorLevel,
  );
  const found = cases.flatMap((each, index) => {
    const { rejected = false, level = errorLevel } = verdicts[index] ?? {};
    return rejected ? [{ ...each, level }] : [];
  });
  // One sentence per cell: the fault that stands out more.
  const worst = found.filter(
    (each) =>
      !found.some(
        (other) =>
          other.cell === each.cell &&
          (other.comparison.difference > each.comparison.difference ||
            (other.comparison.difference === each.comparison.difference &&
              other.fault < each.fault)),
      ),
  );
  return worst.map(({ cell, fault, others, comparison, level }) => {
    const { model, taskType, attempts } = cell;
    const value = cell[fault] / attempts;
    const valueAlternative = value - comparison.difference;
    return {
      kind: 'unreliable',
      taskType,
      model,
      evidence: {
        n: attempts,
        nAlternative: others,
        difference: comparison.difference,
        ...comparison.bounds(level),
        value,
        valueAlternative,
        comparisons: cases.length,
      },
      message:
        `Keep ${model} away from ${taskTypeLabel(taskType)} tasks, or look into its setup: ${percent(value)} ${faults[fault]} ` +
        `against ${percent(valueAlternative)} of the other models' (n ${attempts}/${others})`,
    };
  });
}

type Totals = Record<Fault | 'attempts', number>;

/** Of all models on the tasks of a type. */
function totalsByTaskType(cells: readonly CellSamples[]): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const { taskType, attempts, failures, validatorFailures } of cells) {
    const total = totals.get(taskType) ?? { attempts: 0, failures: 0, validatorFailures: 0 };
    total.attempts += attempts;
    total.failures += failures;
    total.validatorFailures += validatorFailures;
    totals.set(taskType, total);
  }
  return totals;
}
