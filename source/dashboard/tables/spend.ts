import {
  formatCount,
  formatMoney,
  formatMoneyIn,
  formatPart,
  formatPlural,
} from '../format/index.ts';
import { bar } from '../layout/bars.ts';
import type { SpendRow } from './spend-rows.ts';
import { styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

export type SpendFacts = {
  /** What a row is called. */
  nameOf: (row: SpendRow) => string;
  title: string;
};

const amount = (costUsd: number | undefined, decimals: number): string =>
  costUsd === undefined || costUsd === 0 ? '' : formatMoneyIn(costUsd, decimals);

/** What was paid, whatever it is told by. */
export const spendColumns: Columns<SpendRow, SpendFacts> = {
  name: {
    title: ({ title }) => title,
    cut: { where: 'middle', atLeast: 12 },
    cell: (row, style, { nameOf }) => styled(style.clean(nameOf(row))),
    sort: { letter: 'I', key: ({ id }) => id, ascending: true },
    copied: { text: ({ id }) => id },
  },
  bar: {
    title: '',
    fills: true,
    min: 8,
    cell: ({ share }, { glyphs }, _, width) => styled(bar(share, width, glyphs), 'bar'),
  },
  answers: {
    title: 'answers',
    align: 'right',
    min: 8,
    from: 64,
    drop: 2,
    dollars: ({ answersUsd }) => answersUsd,
    cell: ({ answersUsd }, _, __, ___, decimals) => styled(amount(answersUsd, decimals), 'muted'),
  },
  reviews: {
    title: 'reviews',
    align: 'right',
    min: 8,
    from: 64,
    drop: 2,
    sort: { letter: 'R', key: ({ reviewsUsd }) => reviewsUsd ?? null },
    dollars: ({ reviewsUsd }) => reviewsUsd,
    cell: ({ reviewsUsd }, _, __, ___, decimals) => styled(amount(reviewsUsd, decimals), 'muted'),
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
    dollars: ({ costUsd }) => costUsd,
    cell: ({ costUsd }, _, __, ___, decimals) =>
      styled(formatMoneyIn(costUsd, decimals), undefined, true),
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
  // The project's words stand behind its id: that is what must stay.
  run: { ...withoutRoles, name: { ...withoutRoles.name, cut: { where: 'end', atLeast: 12 } } },
  day: withoutRoles,
} as const;
