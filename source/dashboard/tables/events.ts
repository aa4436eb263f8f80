import type { EventRow } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatMoney,
  formatMoneyIn,
  formatMoment,
  formatPlural,
  formatTaskScore,
  formatVerdict,
  notJudged,
  nothing,
} from '../format/index.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** As the run that it belongs to shows it: what fell short is told apart from its mark. */
const scoreOf = ({ taskType, score }: EventRow): string => formatTaskScore(score, taskType);

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
    cell: (event) => styled(scoreOf(event), undefined, true),
    copied: { place: 5, text: scoreOf },
  },
} satisfies Columns<EventRow>;

/** The last finished tasks of a model. */
export const events: Columns<EventRow> = columns;

const { when, task, run, attempts, cost, score } = columns;

/** The last finished tasks of a type, whoever did them, with what was found of their results. */
export const foundRouteTasks: Columns<EventRow> = {
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
  verdict: {
    title: 'verdict',
    cut: { where: 'end', atLeast: 8 },
    drop: 0.5,
    cell({ found }, style) {
      if (found === undefined) return styled('');
      return styled(style.clean(formatVerdict(found)), found.value < 0.5 ? 'bad' : 'good');
    },
    copied: { place: 9, text: ({ found }) => (found === undefined ? '' : formatVerdict(found)) },
  },
  cost,
  score,
};

const { verdict: _, ...plainRouteTasks } = foundRouteTasks;
/** The same where nothing was found of any. */
export const routeTasks: Columns<EventRow> = plainRouteTasks;

/** How a task ended, as far as a history tells. */
function stateOf({ taskType, score, deterministicPassed }: EventRow): {
  word: string;
  role: 'good' | 'warn' | 'bad' | 'muted';
  place: number;
} {
  if (score === 0) return { word: 'failed', role: 'bad', place: 0 };
  if (!deterministicPassed) return { word: 'checks failed', role: 'bad', place: 1 };
  if (score === undefined) return { word: notJudged, role: 'muted', place: 3 };
  if (score < standardOf(taskType).acceptAt) return { word: 'best effort', role: 'warn', place: 2 };
  return { word: 'done', role: 'good', place: 4 };
}
