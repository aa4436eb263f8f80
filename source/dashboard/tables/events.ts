import type { EventRow } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatMoney,
  formatMoneyIn,
  formatMoment,
  formatPlural,
  formatScore,
  notJudged,
  nothing,
} from '../format/index.ts';
import { styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

const columns = {
  when: {
    title: 'when',
    drop: 3,
    sort: { letter: 'T', key: ({ recordedAt }) => recordedAt },
    cell: ({ recordedAt }) => styled(formatMoment(recordedAt), 'muted'),
    copied: { text: ({ recordedAt }) => formatMoment(recordedAt) },
  },
  task: {
    title: 'task',
    cut: { where: 'middle', atLeast: 9 },
    sort: { letter: 'I', key: ({ taskId }) => taskId, ascending: true },
    cell: ({ taskId }, style) => styled(style.clean(taskId), 'accent'),
    copied: { place: 2, text: ({ taskId }) => taskId },
  },
  type: {
    title: 'type',
    cut: { where: 'middle', atLeast: 11 },
    sort: { letter: 'Y', key: ({ taskType }) => taskTypeLabel(taskType), ascending: true },
    cell: ({ taskType }, style) => styled(style.clean(taskTypeLabel(taskType))),
    copied: { place: 3, text: ({ taskType }) => taskTypeLabel(taskType) },
  },
  model: { copied: { place: 4, text: ({ model }) => model } },
  reviewer: {
    title: 'reviewer',
    cut: { where: 'middle', atLeast: 14 },
    drop: 4,
    sort: { letter: 'R', key: ({ reviewer }) => reviewer ?? null, ascending: true },
    cell: ({ reviewer }, style) => styled(style.clean(reviewer ?? nothing), 'muted'),
  },
  run: {
    title: 'run',
    cut: { where: 'middle', atLeast: 12 },
    drop: 2,
    stretch: true,
    cell: ({ projectId }, style) => styled(style.clean(projectId), 'muted'),
    copied: { place: 1, text: ({ projectId }) => projectId },
  },
  attempts: {
    title: 'attempts',
    align: 'right',
    drop: 5,
    sort: { letter: 'A', key: ({ iterations }) => iterations },
    cell: ({ iterations }) => styled(String(iterations), 'muted'),
    copied: { place: 7, text: ({ iterations }) => formatPlural(iterations, 'iteration') },
  },
  checks: {
    title: 'checks',
    min: 6,
    drop: 1,
    sort: {
      letter: 'F',
      key: ({ deterministicPassed }) => Number(deterministicPassed),
      ascending: true,
    },
    cell: ({ deterministicPassed }) =>
      deterministicPassed ? styled('passed', 'good') : styled('failed', 'bad'),
  },
  cost: {
    title: 'cost',
    align: 'right',
    min: 8,
    sort: { letter: 'C', key: ({ costUsd }) => costUsd },
    dollars: ({ costUsd }) => costUsd,
    cell: ({ costUsd }, _, __, ___, decimals) => styled(formatMoneyIn(costUsd, decimals)),
    copied: { place: 6, text: ({ costUsd }) => formatMoney(costUsd) },
  },
  score: {
    title: 'score',
    align: 'right',
    min: 5,
    sort: { letter: 'Q', key: ({ score }) => score ?? null },
    cell: ({ score }) => styled(formatScore(score), undefined, true),
    copied: { place: 5, text: ({ score }) => formatScore(score) },
  },
} satisfies Columns<EventRow>;

/** The last finished tasks of a model. */
export const events: Columns<EventRow> = columns;

const { when, task, run, attempts, cost, score } = columns;

/** The last finished tasks of a type, whoever did them. */
export const routeTasks: Columns<EventRow> = {
  when,
  task,
  run: { ...run, drop: 3 },
  model: {
    title: 'model',
    cut: { where: 'middle', atLeast: 10 },
    drop: 2,
    sort: { letter: 'M', key: ({ model }) => model, ascending: true },
    cell: ({ model }, style) => styled(style.clean(model)),
    copied: columns.model.copied,
  },
  attempts,
  state: {
    title: 'state',
    min: 6,
    drop: 1,
    sort: { letter: 'F', key: (event) => stateOf(event).place, ascending: true },
    cell(event) {
      const { word, role } = stateOf(event);
      return styled(word, role);
    },
    copied: { place: 8, text: (event) => stateOf(event).word },
  },
  cost,
  score,
};

/** How a task ended, as far as a history tells: whether its score was enough is known where it ran. */
function stateOf({ score, deterministicPassed }: EventRow): {
  word: string;
  role: 'good' | 'bad' | 'muted';
  place: number;
} {
  if (score === 0) return { word: 'failed', role: 'bad', place: 0 };
  if (!deterministicPassed) return { word: 'checks failed', role: 'bad', place: 1 };
  if (score === undefined) return { word: notJudged, role: 'muted', place: 2 };
  return { word: 'done', role: 'good', place: 3 };
}
