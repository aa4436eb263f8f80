import type { EventRow } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatMoment, formatPlural, formatScore, nothing } from '../format/index.ts';
import { styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** The last finished tasks of a model. */
export const events: Columns<EventRow> = {
  when: {
    title: 'when',
    drop: 3,
    cell: ({ recordedAt }) => styled(formatMoment(recordedAt), 'muted'),
    copied: { text: ({ recordedAt }) => formatMoment(recordedAt) },
  },
  task: {
    title: 'task',
    cut: { where: 'middle', atLeast: 6 },
    cell: ({ taskId }, style) => styled(style.clean(taskId), 'accent'),
    copied: { place: 2, text: ({ taskId }) => taskId },
  },
  type: {
    title: 'type',
    cut: { where: 'middle', atLeast: 8 },
    cell: ({ taskType }, style) => styled(style.clean(taskTypeLabel(taskType))),
    copied: { place: 3, text: ({ taskType }) => taskTypeLabel(taskType) },
  },
  model: { copied: { place: 4, text: ({ model }) => model } },
  reviewer: {
    title: 'reviewer',
    cut: { where: 'middle', atLeast: 10 },
    drop: 4,
    cell: ({ reviewer }, style) => styled(style.clean(reviewer ?? nothing), 'muted'),
  },
  run: {
    title: 'run',
    cut: { where: 'middle', atLeast: 8 },
    drop: 2,
    stretch: true,
    cell: ({ projectId }, style) => styled(style.clean(projectId), 'muted'),
    copied: { place: 1, text: ({ projectId }) => projectId },
  },
  attempts: {
    title: 'attempts',
    align: 'right',
    drop: 5,
    cell: ({ iterations }) => styled(String(iterations), 'muted'),
    copied: { place: 7, text: ({ iterations }) => formatPlural(iterations, 'iteration') },
  },
  checks: {
    title: 'checks',
    min: 6,
    drop: 1,
    cell: ({ deterministicPassed }) =>
      deterministicPassed ? styled('passed', 'good') : styled('failed', 'bad'),
  },
  cost: {
    title: 'cost',
    align: 'right',
    min: 8,
    cell: ({ costUsd }) => styled(formatMoney(costUsd)),
    copied: { place: 6, text: ({ costUsd }) => formatMoney(costUsd) },
  },
  score: {
    title: 'score',
    align: 'right',
    min: 5,
    cell: ({ score }) => styled(formatScore(score), undefined, true),
    copied: { place: 5, text: ({ score }) => formatScore(score) },
  },
};
