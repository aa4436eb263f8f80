import type { RunStanding } from '../../domain/run-report.ts';
import {
  formatMoment,
  formatMoney,
  formatQuality,
  machineText,
  nothing,
} from '../../dashboard/format/index.ts';
import { cleanText, fittedTable } from '../../dashboard/text/index.ts';
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

const titles = ['STARTED', 'RUN', 'STATE', 'TASKS', 'QUALITY', 'SPENT', 'BUDGET', 'MODELS'];

/** The list that people read. */
export function renderRuns(
  runs: readonly ListedRun[],
  { isMore, width }: { isMore: boolean; width?: number | undefined },
): string {
  if (runs.length === 0) {
    return 'There is no run here yet: start one with orchestrator run, or see how it works with orchestrator demo.\n';
  }
  const isShared = runs.some(({ run }) => run.elsewhere !== undefined);
  const lines = fittedTable(
    [
      isShared ? [...titles, 'MACHINE'] : titles,
      ...runs.map(({ run, place }) => [
        formatMoment(run.startedAt),
        cleanText(run.projectId),
        `${standingWords[run.status]}${place.simulated ? ', SIMULATED' : ''}`,
        String(run.tasks),
        formatQuality(run.averageQuality),
        formatMoney(run.spentUsd),
        run.elsewhere !== undefined && run.budgetUsd === 0 ? nothing : formatMoney(run.budgetUsd),
        modelWords(run.models),
        ...(isShared ? [run.elsewhere ? cleanText(machineText(run.elsewhere)) : 'this one'] : []),
      ]),
    ],
    [{}, {}, {}, ...Array.from({ length: 4 }, () => ({ align: 'right' as const })), {}, {}],
    width,
  );
  const more = isMore ? ['', 'There are more: --limit N shows the newest N.'] : [];
  return `${[...lines, ...more, '', 'orchestrator runs ID shows one with its tasks and files.'].join('\n')}\n`;
}

/** As many as can be read at a glance. */
const shownModels = 3;

function modelWords(models: readonly string[]): string {
  const shown = models.slice(0, shownModels).map(cleanText);
  const others = models.length - shown.length;
  return others > 0 ? `${shown.join(', ')} and ${others} more` : shown.join(', ');
}
