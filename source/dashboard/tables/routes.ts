import type { Route } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatFineMoney,
  formatInterval,
  formatMoney,
  formatShare,
  nothing,
  tooFew,
} from '../format/index.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** A route; with a what-if, where it would go then. */
export type RouteRow = Route & { whatIf?: string };

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
  share: {
    title: 'share',
    align: 'right',
    drop: 3,
    sort: { place: 7, letter: 'H', key: ({ share }) => share },
    cell: ({ share }) => styled(formatShare(share), 'muted'),
    spoken: { text: ({ share }) => `${formatShare(share)} of its tasks` },
    copied: { text: ({ share }) => `${formatShare(share)} of tasks` },
  },
  quality: {
    title: 'quality',
    align: 'right',
    min: 11,
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
    cell: ({ taskCostUsd }) =>
      styled(taskCostUsd === null ? nothing : formatFineMoney(taskCostUsd)),
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
    cell: ({ supervisionShare }) =>
      styled(supervisionShare === null ? nothing : formatShare(supervisionShare), 'muted'),
    sort: { place: 5, letter: 'R', key: ({ supervisionShare }) => supervisionShare },
  },
  spent: {
    title: 'spent',
    align: 'right',
    min: 8,
    cell: ({ spentUsd }) => styled(formatMoney(spentUsd), 'title', true),
    sort: { letter: 'C', key: ({ spentUsd }) => spentUsd },
    spoken: { text: ({ spentUsd }) => `${formatMoney(spentUsd)} spent` },
    copied: { text: ({ spentUsd }) => `${formatMoney(spentUsd)} spent` },
  },
  alternative: {
    title: 'could go to',
    cut: { where: 'middle', atLeast: 12 },
    drop: 1,
    cell: ({ alternative }, style) =>
      alternative === null
        ? styled(plain(nothing, style), 'muted')
        : styled(style.clean(alternative), 'accent'),
    spoken: {
      text: ({ alternative }) => (alternative === null ? undefined : `could go to ${alternative}`),
    },
    copied: {
      text: ({ alternative }) => (alternative === null ? '' : `could go to ${alternative}`),
    },
  },
  saves: {
    title: 'saves/mo',
    align: 'right',
    drop: 1,
    cell: ({ monthlySavingsUsd }, style) =>
      monthlySavingsUsd === null
        ? styled(plain(nothing, style), 'muted')
        : styled(formatMoney(monthlySavingsUsd), 'good', true),
    sort: { place: 2, letter: 'V', key: ({ monthlySavingsUsd }) => monthlySavingsUsd },
    spoken: {
      text: ({ monthlySavingsUsd }) =>
        monthlySavingsUsd === null ? undefined : `saves ${formatMoney(monthlySavingsUsd)} a month`,
    },
    copied: {
      text: ({ monthlySavingsUsd }) =>
        monthlySavingsUsd === null ? '' : `saves ${formatMoney(monthlySavingsUsd)} a month`,
    },
  },
};
