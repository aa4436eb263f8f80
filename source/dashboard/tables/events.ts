import type { EventRow } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatMoment, formatPlural, formatScore, nothing } from '../format/index.ts';
import { textSpan } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** The last finished tasks of a model. */
export const events: Columns<EventRow> = {
  when: {
    title: 'when',
    drop: 3,
    cell: ({ recordedAt }) => textSpan(formatMoment(recordedAt), 'muted'),
    copied: { text: ({ recordedAt }) => formatMoment(recordedAt) },
  },
  task: {
    title: 'task',
    cut: { where: 'middle', atLeast: 6 },
    cell: ({ taskId }, style) => textSpan(style.clean(taskId), 'accent'),
    copied: { place: 2, text: ({ taskId }) => taskId },
  },
  type: {
    title: 'type',
    cut: { where: 'middle', atLeast: 8 },
    cell: ({ taskType }, style) => textSpan(style.clean(taskTypeLabel(taskType))),
    copied: { place: 3, text: ({ taskType }) => taskTypeLabel(taskType) },
  },
  model: { copied: { place: 4, text: ({ model }) => model } },
  reviewer: {
    title: 'reviewer',
    cut: { where: 'middle', atLeast: 10 },
    drop: 4,
    cell: ({ reviewer }, style) => textSpan(style.clean(reviewer ?? nothing), 'muted'),
  },
  run: {
    title: 'run',
    cut: { where: 'middle', atLeast: 8 },
    drop: 2,
    stretch: true,
    cell: ({ projectId }, style) => textSpan(style.clean(projectId), 'muted'),
    copied: { place: 1, text: ({ projectId }) => projectId },
  },
  attempts: {
    title: 'attempts',
    align: 'right',
    drop: 5,
    cell: ({ iterations }) => textSpan(String(iterations), 'muted'),
    copied: { place: 7, text: ({ iterations }) => formatPlural(iterations, 'iteration') },
  },
  checks: {
    title: 'checks',
    min: 6,
    drop: 1,
    cell: ({ deterministicPassed }) =>
      deterministicPassed ? textSpan('passed', 'good') : textSpan('failed', 'bad'),
  },
  cost: {
    title: 'cost',
    align: 'right',
    min: 8,
    cell: ({ costUsd }) => textSpan(formatMoney(costUsd)),
    copied: { place: 6, text: ({ costUsd }) => formatMoney(costUsd) },
  },
  score: {
    title: 'score',
    align: 'right',
    min: 5,
    cell: ({ score }) => textSpan(formatScore(score), undefined, true),
    copied: { place: 5, text: ({ score }) => formatScore(score) },
  },
};
