import { formatMoneyIn, moneyDecimals, nothing } from '../format/index.ts';
import { pad, widthOf } from '../text/index.ts';
import { plain, styled } from '../theme/index.ts';
import type { Columns } from './column.ts';

/** A line of two things side by side: a number of each, or a heading over those below it. */
export type ComparedRow = {
  id: string;
  name: string;
  /** Absent: a heading. */
  cells?: readonly [string, string];
  /** What Enter opens beside the thing itself. */
  taskType?: string;
  taskId?: string;
};

export type ComparedFacts = {
  names: readonly [string, string];
  /** The side that Enter opens. */
  side: 0 | 1;
};

/** What only one side has room for, such as a difference of the two, is no difference itself. */
export const differs = ({ cells }: ComparedRow): boolean =>
  cells !== undefined && cells[0] !== '' && cells[0] !== cells[1];

const side = (index: 0 | 1): Columns<ComparedRow, ComparedFacts>[string] => ({
  title: ({ names, side: open }) => (open === index ? `[${names[index]}]` : names[index]),
  cut: { where: 'middle', atLeast: 12 },
  cell: (row, style) =>
    styled(
      style.clean(plain(row.cells?.[index] ?? '', style)),
      differs(row) ? undefined : 'muted',
      differs(row),
    ),
});

/** Two models or two runs side by side. */
export const comparison: Columns<ComparedRow, ComparedFacts> = {
  mark: {
    min: 2,
    cell: (row, { ascii }) => styled(differs(row) ? (ascii ? '!=' : '≠') : '', 'warn', true),
  },
  name: {
    title: '',
    cut: { where: 'middle', atLeast: 14 },
    cell: ({ name }, style) => styled(style.clean(plain(name, style)), 'muted'),
  },
  one: side(0),
  other: { ...side(1), stretch: true },
};

/** Amounts of two sides: null where there is none. */
export type ComparedMoney = readonly [number | null, number | null];

/** Both with the decimals that all amounts of their kind need: none looks more exact than the one beside it. */
export function moneyCells(
  amounts: ComparedMoney,
  decimals = moneyDecimals(amounts),
): readonly [string, string] {
  const text = (usd: number | null): string =>
    usd === null ? nothing : formatMoneyIn(usd, decimals);
  return [text(amounts[0]), text(amounts[1])];
}

/** The whole comparison as lines of text. */
export function comparisonText(
  rows: readonly ComparedRow[],
  [one, other]: ComparedFacts['names'],
): string {
  const all = [{ id: '', name: '', cells: [one, other] as const }, ...rows];
  const width = (of: (row: ComparedRow) => string): number =>
    Math.max(...all.map((row) => widthOf(of(row))));
  const nameWidth = width(({ name, cells }) => (cells === undefined ? '' : name));
  const oneWidth = width(({ cells }) => cells?.[0] ?? '');
  return all
    .map(({ name, cells }) =>
      cells === undefined
        ? name
        : `${pad(name, nameWidth)}  ${pad(cells[0], oneWidth)}  ${cells[1]}`.trimEnd(),
    )
    .join('\n');
}

/** The comparison as sentences: what is alike is said once. */
export function comparisonSentences(
  rows: readonly ComparedRow[],
  [one, other]: ComparedFacts['names'],
): string[] {
  return [
    `COMPARED: ${one} with ${other}.`,
    ...rows.map(({ name, cells }) => {
      if (cells === undefined) return `${name}.`;
      if (cells[0] === '') return `${name}: ${cells[1]}.`;
      return cells[0] === cells[1]
        ? `${name}: both ${cells[0]}.`
        : `${name}: ${one} ${cells[0]}, ${other} ${cells[1]}.`;
    }),
  ];
}
