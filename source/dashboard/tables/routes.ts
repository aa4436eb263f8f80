import type { Route } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCount,
  formatFineMoney,
  formatInterval,
  formatMoney,
  formatMoneyIn,
  formatPart,
  nothing,
  tooFew,
} from '../format/index.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** A route; with a what-if, where it would go then. */
export type RouteRow = Route & {
  whatIf?: string;
  /** All tasks of the type in the window, and the models that did them. */
  tasks: number;
  models: number;
  /** What could get the work: as the route's own where that is firm, else what is promising. */
  likely?: { alternative: string; monthlySavingsUsd?: number };
};

const alternativeOf = ({ alternative, likely }: RouteRow): string | null =>
  alternative ?? likely?.alternative ?? null;

const savingOf = ({ alternative, monthlySavingsUsd, likely }: RouteRow): number | null =>
  alternative === null ? (likely?.monthlySavingsUsd ?? null) : monthlySavingsUsd;

/** Whether it is sure that the alternative is not worse: an estimate, however high, is not. */
function sureOf({ alternative, likely }: RouteRow): string | null {
  if (alternative !== null) return 'firm';
  return likely === undefined ? null : 'not yet';
}

export const intervalOf = ([low, high]: readonly [number, number]): string =>
  formatInterval({ low, high });

/** Task types: who gets the work, what it costs, what to change. */
export const routes: Columns<RouteRow> = {
  taskType: {
    title: 'task type',
    cut: { where: 'middle', atLeast: 9 },
    sort: {
      place: 1,
      letter: 'Y',
      key: ({ taskType }) => taskTypeLabel(taskType),
      ascending: true,
    },
    cell: ({ taskType }, style) => styled(style.clean(taskTypeLabel(taskType)), 'title', true),
    spoken: { text: ({ taskType }) => taskTypeLabel(taskType) },
    copied: { text: ({ taskType }) => taskTypeLabel(taskType) },
  },
  model: {
    title: 'goes to',
    cut: { where: 'middle', atLeast: 14 },
    stretch: true,
    sort: { place: 6, letter: 'M', key: ({ model }) => model, ascending: true },
    cell({ model, whatIf }, style) {
      const to = whatIf === undefined || whatIf === model ? '' : plain(` → ${whatIf}`, style);
      return styled(style.clean(model + to), to === '' ? undefined : 'warn');
    },
    spoken: { text: ({ model }) => `goes to ${model}` },
    copied: { text: ({ model }) => model },
  },
  models: {
    title: 'models',
    align: 'right',
    from: 140,
    drop: 6,
    sort: { place: 9, letter: 'A', key: ({ models }) => models },
    cell: ({ models }) => styled(formatCount(models), 'muted'),
  },
  tasks: {
    title: 'tasks',
    align: 'right',
    from: 140,
    drop: 5,
    sort: { place: 8, letter: 'K', key: ({ tasks }) => tasks },
    cell: ({ tasks }) => styled(formatCount(tasks)),
  },
  share: {
    title: 'share',
    align: 'right',
    drop: 3,
    sort: { place: 7, letter: 'H', key: ({ share }) => share },
    cell: ({ share }) => styled(formatPart(share, 1), 'muted'),
    spoken: { text: ({ share }) => `${formatPart(share, 1)} of its tasks` },
    copied: { text: ({ share }) => `${formatPart(share, 1)} of tasks` },
  },
  quality: {
    title: 'quality',
    align: 'right',
    min: 11,
    drop: 0.5,
    cell: ({ qualityInterval }, style) =>
      qualityInterval === null
        ? styled(tooFew, 'muted')
        : styled(plain(intervalOf(qualityInterval), style), undefined, true),
    sort: { place: 3, letter: 'Q', key: ({ qualityScore }) => qualityScore },
    spoken: {
      text: ({ qualityInterval }) =>
        qualityInterval === null ? undefined : `quality ${intervalOf(qualityInterval)}`,
    },
    copied: {
      text: ({ qualityInterval }) =>
        `quality ${qualityInterval === null ? tooFew : intervalOf(qualityInterval)}`,
    },
  },
  taskCost: {
    title: '$/task',
    align: 'right',
    min: 7,
    drop: 2,
    dollars: ({ taskCostUsd }) => taskCostUsd,
    areDollarsFine: true,
    cell: ({ taskCostUsd }, style, _, __, decimals) =>
      styled(taskCostUsd === null ? plain(nothing, style) : formatMoneyIn(taskCostUsd, decimals)),
    sort: { place: 4, letter: 'P', key: ({ taskCostUsd }) => taskCostUsd },
    spoken: {
      text: ({ taskCostUsd }) =>
        taskCostUsd === null ? undefined : `${formatFineMoney(taskCostUsd)} a task`,
    },
    copied: {
      text: ({ taskCostUsd }) =>
        taskCostUsd === null ? nothing : `${formatFineMoney(taskCostUsd)} a task`,
    },
  },
  supervision: {
    title: 'reviews',
    align: 'right',
    drop: 4,
    cell: ({ supervisionShare }, style) =>
      styled(
        supervisionShare === null ? plain(nothing, style) : formatPart(supervisionShare, 1),
        'muted',
      ),
    sort: { place: 5, letter: 'R', key: ({ supervisionShare }) => supervisionShare },
  },
  spent: {
    title: 'spent',
    align: 'right',
    min: 8,
    dollars: ({ spentUsd }) => spentUsd,
    cell: ({ spentUsd }, _, __, ___, decimals) =>
      styled(formatMoneyIn(spentUsd, decimals), 'title', true),
    sort: { letter: 'C', key: ({ spentUsd }) => spentUsd },
    spoken: { text: ({ spentUsd }) => `${formatMoney(spentUsd)} spent` },
    copied: { text: ({ spentUsd }) => `${formatMoney(spentUsd)} spent` },
  },
  alternative: {
    title: 'could go to',
    cut: { where: 'middle', atLeast: 12 },
    drop: 1,
    cell(row, style) {
      const alternative = alternativeOf(row);
      return alternative === null
        ? styled(plain(nothing, style), 'muted')
        : styled(style.clean(alternative), row.alternative === null ? undefined : 'accent');
    },
    spoken: { text: (row) => couldGo(row) },
    copied: { text: (row) => couldGo(row) ?? '' },
  },
  saves: {
    title: 'saves/mo',
    align: 'right',
    drop: 1,
    dollars: savingOf,
    cell(row, style, _, __, decimals) {
      const saving = savingOf(row);
      if (saving === null) return styled(plain(nothing, style), 'muted');
      const isFirm = row.alternative !== null;
      return styled(formatMoneyIn(saving, decimals), isFirm ? 'good' : undefined, isFirm);
    },
    sort: { place: 2, letter: 'V', key: savingOf },
    spoken: { text: (row) => saves(row) },
    copied: { text: (row) => saves(row) ?? '' },
  },
  sure: {
    title: 'sure',
    align: 'right',
    min: 7,
    drop: 1.5,
    cell: (row, style) => styled(sureOf(row) ?? plain(nothing, style), 'muted'),
  },
};

function couldGo(row: RouteRow): string | undefined {
  const alternative = alternativeOf(row);
  if (alternative === null) return undefined;
  if (row.alternative !== null) return `could go to ${alternative}`;
  return `could go to ${alternative}, though not for sure yet`;
}

function saves(row: RouteRow): string | undefined {
  const saving = savingOf(row);
  if (saving === null) return undefined;
  return `${row.alternative === null ? 'would save' : 'saves'} ${formatMoney(saving)} a month`;
}
