import { moneyDecimals } from '../format/money.ts';
import { headLine, placeColumns, rowLine, type Merged } from '../layout/table.ts';
import { gap, plain, styled, type Line, type RenderStyle, type TextSpan } from '../theme/index.ts';
import type { Columns } from './column.ts';
import type { Sort } from './sorting.ts';

/** Columns before a row: whether it is selected. */
export const pointerWidth = 2;

export const pointer = (isSelected: boolean, style: RenderStyle, isMarked = false): TextSpan =>
  isSelected || isMarked
    ? styled(
        `${isSelected ? style.glyphs.pointer : ' '}${isMarked ? '*' : ' '}`,
        'accent',
        isMarked,
      )
    : styled('  ');

/** Which way a list is sorted. */
export const sortArrow = ({ descending }: Sort, { glyphs }: RenderStyle): string =>
  descending ? glyphs.sortDescending : glyphs.sortAscending;

export type DrawnTable<Row> = {
  head: Line;
  line: (row: Row, is: { selected?: boolean; marked?: boolean }, merged?: Merged) => Line;
  /** The columns that there is room for. */
  placed: readonly string[];
};

/** A table in a pane of that inner width; the columns are as wide as `rows` need. */
export function drawTable<Row, Facts>(
  columns: Columns<Row, Facts>,
  table: {
    rows: readonly Row[];
    /** All rows of the list, where only some are given: digits do not change while it scrolls. */
    all?: readonly Row[];
    facts: Facts;
    style: RenderStyle;
    width: number;
    sort?: Sort | undefined;
  },
): DrawnTable<Row> {
  const { rows, all = rows, facts, style, width, sort } = table;
  const titleOf = (name: string): string => {
    const title = columns[name]?.title ?? '';
    const text = plain(typeof title === 'string' ? title : title(facts), style);
    if (sort?.column !== name || columns[name]?.sort === undefined) return text;
    return text + sortArrow(sort, style);
  };
  const placed = placeColumns(
    Object.entries(columns).flatMap(
      ([name, { cell, dollars, areDollarsFine = false, ...rules }]) => {
        if (cell === undefined) return [];
        const decimals =
          dollars === undefined
            ? 0
            : moneyDecimals(
                all.map((row) => dollars(row, facts)),
                { fine: areDollarsFine },
              );
        return [
          {
            ...rules,
            name,
            title: titleOf(name),
            cell: (row: Row, room: number) => cell(row, style, facts, room, decimals),
          },
        ];
      },
    ),
    rows,
    width - pointerWidth - 1,
  );
  return {
    head: [gap(pointerWidth), ...headLine(placed)],
    line: (row, { selected = false, marked = false }, merged) => [
      pointer(selected, style, marked),
      ...rowLine(placed, row, style, merged),
    ],
    placed: placed.map(({ name }) => name),
  };
}
