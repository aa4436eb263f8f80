import type { RunStanding } from '../../domain/run-report.ts';
import {
  formatMoment,
  formatMoneyIn,
  formatQuality,
  machineText,
  moneyDecimals,
  nothing,
} from '../../dashboard/format/index.ts';
import { cleanText, fittedLines, fittedTable } from '../../dashboard/text/index.ts';
import type { ListedRun } from '../shared/past-runs.ts';

export const standingWords: Record<RunStanding, string> = {
  running: 'running',
  interrupted: 'interrupted',
  success: 'success',
  partial: 'partial',
  'budget-exhausted': 'budget exhausted',
  timeout: 'timeout',
  failed: 'failed',
  ended: 'ended',
  'not-ended': 'not ended',
};

const titles = [
  'STARTED',
  'RUN',
  'STATE',
  'TASKS',
  'QUALITY',
  'SPENT',
  'BUDGET',
  'PROJECT',
  'MODELS',
];

/** The list that people read. */
export function renderRuns(
  runs: readonly ListedRun[],
  { isMore, width }: { isMore: boolean; width?: number | undefined },
): string {
  if (runs.length === 0) {
    return 'There is no run here yet: start one with orchestrator run, or see how it works with orchestrator demo.\n';
  }
  const isShared = runs.some(({ run }) => run.elsewhere !== undefined);
  const spentDecimals = moneyDecimals(runs.map(({ run }) => run.spentUsd));
  const budgetDecimals = moneyDecimals(runs.map(({ run }) => run.budgetUsd));
  const lines = fittedTable(
    [
      isShared ? [...titles, 'MACHINE'] : titles,
      ...runs.map(({ run, place }) => [
        formatMoment(run.startedAt),
        cleanText(run.projectId),
        `${standingWords[run.status]}${place.simulated ? ', SIMULATED' : ''}`,
        String(run.tasks),
        formatQuality(run.averageQuality),
        formatMoneyIn(run.spentUsd, spentDecimals),
        run.elsewhere !== undefined && run.budgetUsd === 0
          ? nothing
          : formatMoneyIn(run.budgetUsd, budgetDecimals),
        cleanText(run.project),
        modelWords(run.models),
        ...(isShared ? [run.elsewhere ? cleanText(machineText(run.elsewhere)) : 'this one'] : []),
      ]),
    ],
    [{}, {}, {}, ...Array.from({ length: 4 }, () => ({ align: 'right' as const })), {}, {}, {}],
    width,
  );
  const more = isMore ? ['', 'There are more: --limit N shows the newest N.'] : [];
  const notes = [...more, '', 'orchestrator runs ID shows one with its tasks and files.'];
  return `${[...lines, ...notes.flatMap((note) => fittedLines(note, width))].join('\n')}\n`;
}

/** As many as can be read at a glance. */
const shownModels = 3;

function modelWords(models: readonly string[]): string {
  const shown = models.slice(0, shownModels).map(cleanText);
  const others = models.length - shown.length;
  return others > 0 ? `${shown.join(', ')} and ${others} more` : shown.join(', ');
}
