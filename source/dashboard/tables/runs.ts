import { ownValue } from '../../domain/own-value.ts';
import type { RunOverview } from '../../domain/run-report.ts';
import type { RunState } from '../../domain/run-state.ts';
import { progressOf, standingsOf } from '../../domain/task-standing.ts';
import {
  formatDayAndTime,
  formatElapsed,
  formatMoney,
  formatMoneyIn,
  formatPlural,
  formatScore,
  machineText,
  nothing,
} from '../format/index.ts';
import { styled, type Role } from '../theme/index.ts';
import type { Columns } from './column.ts';
import { markOf } from './task-marks.ts';

/** A run in the list; what is known besides of one in progress. */
export type RunRow = RunOverview & { live?: RunState };

export type RunsFacts = { now: number };

const signs: Record<RunOverview['status'], 'running' | 'accepted' | 'best-effort' | 'failed'> = {
  running: 'running',
  success: 'accepted',
  partial: 'best-effort',
  'budget-exhausted': 'best-effort',
  timeout: 'best-effort',
  interrupted: 'best-effort',
  failed: 'failed',
  ended: 'best-effort',
  'not-ended': 'best-effort',
};

/** The order of the states: what may need somebody first. */
const worstFirst: readonly RunOverview['status'][] = [
  'running',
  'failed',
  'interrupted',
  'timeout',
  'budget-exhausted',
  'partial',
  'not-ended',
  'ended',
  'success',
];

/** Runs in progress and runs that are over, of this machine and of those that share its history. */
export const runs: Columns<RunRow, RunsFacts> = {
  mark: {
    cell({ status }, { ascii, glyphs }) {
      if (status === 'running') return styled(glyphs.live, 'good', true);
      const { sign, role } = markOf(signs[status], ascii);
      return styled(sign, role, true);
    },
  },
  started: {
    title: 'started',
    min: 11,
    // Those in progress come first, whichever way the others stand.
    sort: {
      letter: 'T',
      key: ({ startedAt, status }) => startedAt + (status === 'running' ? 1e12 : 0),
    },
    cell: ({ startedAt }, _, { now }) => styled(formatDayAndTime(startedAt, now), 'muted'),
    copied: { place: 2, text: ({ startedAt }) => new Date(startedAt * 1000).toISOString() },
  },
  run: {
    title: 'run',
    cut: { where: 'middle', atLeast: 8 },
    sort: { letter: 'I', key: ({ projectId }) => projectId, ascending: true },
    cell: ({ projectId }, style) => styled(style.clean(projectId), 'accent'),
    copied: { place: 1, text: ({ projectId }) => projectId },
  },
  machine: {
    title: 'machine',
    drop: 3,
    cut: { where: 'end', atLeast: 6 },
    cell: ({ elsewhere }, style) =>
      elsewhere === undefined
        ? styled('this one', 'muted')
        : styled(style.clean(machineText(elsewhere))),
    copied: { place: 10, text: ({ elsewhere }) => (elsewhere ? machineText(elsewhere) : '') },
  },
  project: {
    title: 'project',
    drop: 1,
    cut: { where: 'end', atLeast: 18 },
    stretch: true,
    cell: ({ project }, style) => styled(style.clean(project)),
    copied: { place: 3, text: ({ project }) => project },
  },
  state: {
    title: 'state',
    min: 9,
    // The sign before the row says the most of it.
    drop: 0.5,
    cut: { where: 'end', atLeast: 9 },
    sort: { letter: 'F', key: ({ status }) => worstFirst.indexOf(status), ascending: true },
    cell: ({ status }, style) =>
      styled(style.clean(status.replaceAll('-', ' ')), ownValue(roles, status) ?? 'warn'),
    copied: { place: 4, text: ({ status }) => status },
  },
  eta: {
    title: 'left',
    align: 'right',
    drop: 4,
    cell({ live }, _, { now }) {
      const left = live === undefined ? undefined : secondsLeft(live, now);
      return styled(left === undefined ? '' : `about ${formatElapsed(left)}`, 'muted');
    },
  },
  tasks: {
    title: 'tasks',
    align: 'right',
    min: 5,
    drop: 2,
    sort: { letter: 'K', key: ({ tasks }) => tasks },
    cell: ({ tasks, live }) => styled(live === undefined ? String(tasks) : doneOf(live)),
    copied: { place: 5, text: ({ tasks }) => formatPlural(tasks, 'task') },
  },
  quality: {
    title: 'quality',
    align: 'right',
    min: 5,
    drop: 0.4,
    sort: { letter: 'Q', key: ({ averageQuality }) => averageQuality },
    cell: ({ averageQuality }) =>
      styled(averageQuality === null ? nothing : formatScore(averageQuality), undefined, true),
    copied: {
      place: 6,
      text: ({ averageQuality }) =>
        averageQuality === null ? nothing : `quality ${formatScore(averageQuality)}`,
    },
  },
  spent: {
    title: 'spent',
    align: 'right',
    min: 7,
    sort: { letter: 'C', key: ({ spentUsd }) => spentUsd },
    dollars: ({ spentUsd }) => spentUsd,
    cell: ({ spentUsd }, _, __, ___, decimals) => styled(formatMoneyIn(spentUsd, decimals)),
    copied: { place: 7, text: ({ spentUsd }) => formatMoney(spentUsd) },
  },
  budget: {
    title: 'of budget',
    align: 'right',
    drop: 6,
    sort: {
      letter: 'B',
      key: ({ spentUsd, budgetUsd }) => (budgetUsd > 0 ? spentUsd / budgetUsd : null),
    },
    dollars: ({ budgetUsd }) => budgetUsd,
    cell: ({ budgetUsd, spentUsd, elsewhere }, _, __, ___, decimals) =>
      styled(
        elsewhere !== undefined && budgetUsd === 0 ? '' : formatMoneyIn(budgetUsd, decimals),
        spentUsd > 0.9 * budgetUsd && budgetUsd > 0 ? 'warn' : 'muted',
      ),
    copied: { place: 8, text: ({ budgetUsd }) => `of ${formatMoney(budgetUsd)}` },
  },
  models: {
    title: 'models',
    align: 'right',
    drop: 7,
    sort: { letter: 'M', key: ({ models }) => models.length },
    cell: ({ models }) => styled(models.length === 0 ? '' : String(models.length), 'muted'),
    copied: { place: 9, text: ({ models }) => models.join(', ') },
  },
};

const { machine: _, ...ofThisMachine } = runs;
/** The same for a history that no other machine shares. */
export const runsOfThisMachine: Columns<RunRow, RunsFacts> = ofThisMachine;

const roles: Partial<Record<RunOverview['status'], Role>> = {
  running: 'good',
  success: 'good',
  failed: 'bad',
};

const doneOf = (run: RunState): string =>
  run.tasks.size === 0 ? 'plan' : progressOf(run).join('/');

/**
 * Seconds that a run may yet take if the rest of its tasks takes as long as those that are done, with as many at
 * once as there were; nothing is said before two of them are. The time that a run rested does not count.
 */
export function secondsLeft(run: RunState, now: number): number | undefined {
  if (run.finished !== undefined) return undefined;
  const standings = standingsOf(run, now);
  const spans = [...run.tasks.values()].flatMap(({ startedAt, finishedAt }) =>
    startedAt === undefined || finishedAt === undefined || finishedAt < startedAt
      ? []
      : [[startedAt, finishedAt] as const],
  );
  if (spans.length < 2) return undefined;
  const worked = spans.reduce((sum, [from, to]) => sum + to - from, 0);
  const mean = worked / spans.length;
  const left = [...run.tasks.values()].reduce((sum, task) => {
    const standing = standings.of(task);
    if (standing === 'waiting') return sum + mean;
    return standing === 'running' ? sum + Math.max(0, mean - (now - (task.startedAt ?? now))) : sum;
  }, 0);
  const busy = lengthOf(spans);
  return busy === 0 ? 0 : left / Math.max(1, worked / busy);
}

/** Seconds in which at least one was at work. */
function lengthOf(spans: readonly (readonly [number, number])[]): number {
  let [total, end] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of spans.toSorted(([one], [other]) => one - other)) {
    total += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return total;
}
