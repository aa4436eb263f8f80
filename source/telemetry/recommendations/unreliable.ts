import type { Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  boundsOfDifference,
  evidenceNeeded,
  logEvidenceAbove,
  rateMoments,
} from '../statistics/index.ts';
import type { CellSamples } from './cell.ts';
import { firmEvidence } from './contests.ts';
import { percent } from './words.ts';

/** Attempts from which a rate is spoken of. */
const leastAttempts = 20;
/** How far above the others' a rate must be. */
const tooMuch = 0.1;

const faults = {
  failures: 'of its calls fail',
  validatorFailures: 'of its answers fail the checks',
} as const;

type Fault = keyof typeof faults;
type Case = { cell: CellSamples; fault: Fault; own: Rate; others: Rate; evidence: number };
type Rate = { count: number; attempts: number };

/** `unreliable`: fails, or fails its checks, clearly more often than the other models do on the same tasks. */
export function adviseUnreliable(cells: readonly CellSamples[]): Recommendation[] {
  const totals = totalsByTaskType(cells);
  const cases = cells.flatMap((cell): Case[] => {
    const total = totals.get(cell.taskType) ?? cell;
    const attempts = total.attempts - cell.attempts;
    if (cell.attempts < leastAttempts || attempts < leastAttempts) return [];
    return (['failures', 'validatorFailures'] as const).map((fault) => {
      const own = rateOf(cell[fault], cell.attempts);
      const others = rateOf(total[fault] - cell[fault], attempts);
      return { cell, fault, own, others, evidence: evidenceFor(own, others) };
    });
  });
  const needed = evidenceNeeded(
    cases.map(({ evidence }) => evidence),
    firmEvidence,
  );
  const found = cases.filter(({ evidence }) => evidence >= needed);
  // One sentence per cell: the fault that stands out more.
  const worst = [...Map.groupBy(found, ({ cell }) => cell).values()].flatMap((ofCell) =>
    ofCell.toSorted((a, b) => excessOf(b) - excessOf(a)).slice(0, 1),
  );
  return worst.map(({ cell, fault, own, others }) => {
    const { model, taskType } = cell;
    const value = shareOf(own);
    const valueAlternative = shareOf(others);
    return {
      kind: 'unreliable',
      taskType,
      model,
      evidence: {
        n: own.attempts,
        nAlternative: others.attempts,
        difference: value - valueAlternative,
        ...boundsOfDifference(momentsOf(own), momentsOf(others), needed),
        value,
        valueAlternative,
        comparisons: cases.length,
      },
      message:
        `Keep ${model} away from ${taskTypeLabel(taskType)} tasks, or look into its setup: ${percent(value)} ${faults[fault]} ` +
        `against ${percent(valueAlternative)} of the other models' (over ${own.attempts} and ${others.attempts} attempts)`,
    };
  });
}

function evidenceFor(own: Rate, others: Rate): number {
  // Too small to be spoken of; it counts among those looked at.
  if (shareOf(own) - shareOf(others) < tooMuch) return 0;
  return Math.exp(logEvidenceAbove(momentsOf(own), momentsOf(others), 0));
}

function excessOf({ own, others }: Case): number {
  return shareOf(own) - shareOf(others);
}

/** More faults than attempts are as many: another writer may count otherwise. */
function rateOf(count: number, attempts: number): Rate {
  return { count: Math.min(Math.max(0, count), attempts), attempts };
}

function shareOf({ count, attempts }: Rate): number {
  return count / attempts;
}

function momentsOf({ count, attempts }: Rate) {
  return rateMoments(count, attempts);
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
