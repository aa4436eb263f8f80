import { formatCount, formatMoney, formatPart, formatPlural } from '../format/index.ts';
import { bar } from '../layout/bars.ts';
import type { SpendRow } from './spend-rows.ts';
import { styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

export type SpendFacts = {
  /** What a row is called. */
  nameOf: (row: SpendRow) => string;
  title: string;
};

const amount = (costUsd: number | undefined): string =>
  costUsd === undefined || costUsd === 0 ? '' : formatMoney(costUsd);

/** What was paid, whatever it is told by. */
export const spendColumns: Columns<SpendRow, SpendFacts> = {
  name: {
    title: ({ title }) => title,
    cut: { where: 'middle', atLeast: 12 },
    atMost: (width) => Math.max(14, Math.floor(width * 0.45)),
    cell: (row, style, { nameOf }) => styled(style.clean(nameOf(row))),
    sort: { letter: 'I', key: ({ id }) => id, ascending: true },
    copied: { text: ({ id }) => id },
  },
  bar: {
    title: '',
    fills: true,
    cell: ({ share }, { glyphs }, _, width) => styled(bar(share, width, glyphs), 'bar'),
  },
  answers: {
    title: 'answers',
    align: 'right',
    min: 8,
    from: 64,
    drop: 2,
    cell: ({ answersUsd }) => styled(amount(answersUsd), 'muted'),
  },
  reviews: {
    title: 'reviews',
    align: 'right',
    min: 8,
    from: 64,
    drop: 2,
    sort: { letter: 'R', key: ({ reviewsUsd }) => reviewsUsd ?? null },
    cell: ({ reviewsUsd }) => styled(amount(reviewsUsd), 'muted'),
  },
  tasks: {
    title: 'tasks',
    align: 'right',
    min: 6,
    from: 48,
    drop: 1,
    cell: ({ tasks }) => styled(tasks === null ? '' : formatCount(tasks), 'muted'),
    sort: { letter: 'K', key: ({ tasks }) => tasks },
    copied: { place: 2, text: ({ tasks }) => (tasks === null ? '' : formatPlural(tasks, 'task')) },
  },
  spent: {
    title: 'spent',
    align: 'right',
    min: 8,
    cell: ({ costUsd }) => styled(formatMoney(costUsd), undefined, true),
    sort: { letter: 'C', key: ({ costUsd }) => costUsd },
    copied: { place: 1, text: ({ costUsd }) => `${formatMoney(costUsd)} spent` },
  },
  share: {
    title: '',
    align: 'right',
    min: 4,
    cell: ({ share }) => styled(formatPart(share, 1), 'muted'),
  },
};

const { answers: _, reviews: __, ...withoutRoles } = spendColumns;
const { tasks: ___, ...ofRoles } = withoutRoles;

/** The columns that say something of such rows. */
export const spendColumnsBy = {
  model: spendColumns,
  role: ofRoles,
  project: withoutRoles,
  day: withoutRoles,
} as const;
