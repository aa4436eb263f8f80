import type { MoneyPhase } from '../../domain/run-event.ts';
import { modelsInUsd, phasesInUsd } from '../../domain/run-money.ts';
import { secondsTaken, type RunState, type TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatElapsed,
  formatMoney,
  formatPlural,
  formatTaskScore,
  formatShare,
  nothing,
} from '../format/index.ts';
import { cleanText, pad, widthOf } from '../text/index.ts';
import { markOf } from '../tables/task-marks.ts';

/** In the order in which a run spends. */
const phases: readonly MoneyPhase[] = ['decomposition', 'generation', 'review', 'evaluation'];

/**
 * The end of a run as plain text that can be scrolled and pasted: its state, each task, where the
 * money went, and `remarks` (results, learning, how to go on), one line each.
 */
export function runSummary(state: RunState, remarks: readonly string[]): string {
  const { projectId, simulated, finished, budgetUsd, spentUsd, lastEventAt } = state;
  const mark = simulated ? 'SIMULATED  ' : '';
  const elapsed = formatElapsed(secondsTaken(state, finished?.at ?? lastEventAt));
  const head = [
    `${mark}${projectId}`,
    finished?.status ?? 'unfinished',
    formatPlural(state.tasks.size, 'task'),
    `${formatMoney(spentUsd)} of ${formatMoney(budgetUsd)}`,
    elapsed,
  ];
  const lines = [
    head.join('  '),
    ...(finished?.message === undefined ? [] : [finished.message]),
    ...taskTable([...state.tasks.values()], finished !== undefined),
    ...moneyLines(state),
    ...remarks,
  ];
  return lines.map((line) => `${cleanText(line)}\n`).join('');
}

function taskTable(tasks: readonly TaskState[], runHasEnded: boolean): string[] {
  const rows = tasks.map((task) => {
    const { sign, word } = markOf(task.status, false);
    const tries = task.iteration === 0 ? '' : formatPlural(task.iteration, 'attempt');
    return [
      sign,
      task.id,
      taskTypeLabel(task.type),
      task.model ?? nothing,
      formatTaskScore(task.score, task.type),
      runHasEnded && task.status === 'waiting' ? 'not finished' : word,
      tries,
      formatMoney(task.costUsd),
    ].map(cleanText);
  });
  const widths = Array.from({ length: 8 }, (_, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? '')), 0),
  );
  return rows.map((row) =>
    `  ${row.map((cell, index) => pad(cell, widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}

function moneyLines({ money }: RunState): string[] {
  if (money.spent === 0) return [];
  const spentByPhase = phasesInUsd(money);
  const byPhase = phases
    .filter((phase) => spentByPhase[phase] > 0)
    .map((phase) => `${phase} ${formatMoney(spentByPhase[phase])}`);
  const byModel = Object.entries(modelsInUsd(money))
    .filter(([, spent]) => spent > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([model, spent]) => `${model} ${formatMoney(spent)}`);
  const supervision = (money.byPhase.review + money.byPhase.evaluation) / money.spent;
  return [
    `Spent on ${byPhase.join(', ')}.`,
    ...(supervision > 0 ? [`Critiques and judgements: ${formatShare(supervision)} of it.`] : []),
    `Paid to ${byModel.join(', ')}.`,
  ];
}
