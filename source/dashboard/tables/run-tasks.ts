import type { RunState, TaskState } from '../../domain/run-state.ts';
import { isDone, type Standings } from '../../domain/task-standing.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatMoney,
  formatMoneyIn,
  formatPlural,
  formatTaskScore,
  formatVerdict,
  nothing,
} from '../format/index.ts';
import type { DecisiveOutcome } from '../../domain/outcome.ts';
import { plain, styled, type RenderStyle } from '../theme/index.ts';
import type { Columns } from './column.ts';
import { markOf } from './task-marks.ts';
import { standingWords, timeOf } from './task-words.ts';

export type RunFacts = {
  run: RunState;
  standings: Standings;
  now: number;
  /** What was found of their results, by task; absent: not asked for. */
  found?: ReadonlyMap<string, DecisiveOutcome>;
};

/** The order of the states: what may need somebody first. */
const worstFirst: readonly TaskState['status'][] = [
  'failed',
  'best-effort',
  'running',
  'waiting',
  'accepted',
];

/** Seconds that a task took; null while it has not ended. */
const secondsOf = ({ startedAt, finishedAt }: TaskState): number | null =>
  startedAt === undefined || finishedAt === undefined ? null : finishedAt - startedAt;

/** The tasks of a run, with what was found of their results. */
export const foundTasks: Columns<TaskState, RunFacts> = {
  mark: {
    cell(task, { ascii }, { standings }) {
      const { sign, role } = markOf(standings.of(task), ascii);
      return styled(sign, role, true);
    },
  },
  task: {
    title: 'task',
    cut: { where: 'middle', atLeast: 8 },
    sort: { letter: 'I', key: ({ id }) => id, ascending: true },
    cell: ({ id }, style) => styled(style.clean(id), 'accent'),
    copied: { text: ({ id }) => id },
  },
  type: {
    title: 'type',
    cut: { where: 'middle', atLeast: 9 },
    drop: 5,
    sort: { letter: 'Y', key: ({ type }) => taskTypeLabel(type), ascending: true },
    cell: ({ type }, style) => styled(style.clean(taskTypeLabel(type)), 'muted'),
    copied: { text: ({ type }) => taskTypeLabel(type) },
  },
  model: {
    title: 'model',
    cut: { where: 'middle', atLeast: 14 },
    drop: 1,
    sort: { letter: 'M', key: ({ author }) => author ?? null, ascending: true },
    cell: ({ author }, style) => styled(style.clean(author ?? '')),
    copied: { text: ({ author }) => author ?? nothing },
  },
  standing: {
    title: 'state',
    // Room for the words of a phase, so that nothing moves when they come and go.
    min: 12,
    cut: { where: 'end', atLeast: 12 },
    stretch: true,
    sort: { letter: 'F', key: ({ status }) => worstFirst.indexOf(status), ascending: true },
    cell: (task, style, facts) =>
      hasNumbers(task) ? standingSpan(task, style, facts) : styled(''),
    copied: { text: ({ status }) => status },
    exported: (task, { standings }) => standings.of(task),
  },
  verdict: {
    title: 'verdict',
    cut: { where: 'end', atLeast: 8 },
    cell({ id }, style, { found }) {
      const verdict = found?.get(id);
      if (verdict === undefined) return styled('');
      return styled(style.clean(formatVerdict(verdict)), verdict.value < 0.5 ? 'bad' : 'good');
    },
  },
  score: {
    title: 'score',
    align: 'right',
    min: 5,
    sort: { letter: 'Q', key: ({ score }) => score ?? null },
    cell: (task) =>
      // A best score so far is not yet the task's.
      isDone(task)
        ? styled(formatTaskScore(task.score, task.type), undefined, true)
        : styled(task.score === undefined ? '' : formatTaskScore(task.score, task.type), 'muted'),
    copied: { text: ({ score, type }) => formatTaskScore(score, type) },
  },
  tries: {
    title: 'tries',
    align: 'right',
    drop: 3,
    sort: { letter: 'A', key: ({ iteration }) => iteration },
    cell: ({ iteration }) => styled(iteration === 0 ? '' : String(iteration), 'muted'),
    copied: { text: ({ iteration }) => formatPlural(iteration, 'attempt') },
  },
  cost: {
    title: 'cost',
    align: 'right',
    min: 7,
    drop: 2,
    sort: { letter: 'C', key: ({ costUsd }) => costUsd },
    dollars: ({ costUsd }) => costUsd,
    cell: ({ costUsd }, _, __, ___, decimals) =>
      styled(costUsd === 0 ? '' : formatMoneyIn(costUsd, decimals)),
    copied: { text: ({ costUsd }) => formatMoney(costUsd) },
  },
  time: {
    title: 'time',
    align: 'right',
    min: 6,
    drop: 4,
    sort: { letter: 'T', key: secondsOf },
    cell: (task, _, { standings, now }) => styled(timeOf(task, standings.of(task), now), 'muted'),
  },
};

const { verdict: _, ...plainTasks } = foundTasks;
/** The same where nothing was found of any. */
export const runTasks: Columns<TaskState, RunFacts> = plainTasks;

/** A task that was never at work has nothing but words, and the room of the numbers for them. */
export const hasNumbers = ({ startedAt, costUsd }: TaskState): boolean =>
  startedAt !== undefined || costUsd > 0;

/** How a task stands, in words. */
export function standingSpan(task: TaskState, style: RenderStyle, { run, standings }: RunFacts) {
  const words = style.clean(plain(standingWords(task, run, standings, style), style));
  return styled(words, markOf(standings.of(task), style.ascii).role);
}
