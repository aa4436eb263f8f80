import type { ReactNode } from 'react';
import { type Merged, sliceAround } from '../layout/table.ts';
import { selectedIndex } from '../state/lists.ts';
import { markedIn, type AppState, type ListName } from '../state/state.ts';
import type { Columns } from '../tables/column.ts';
import { drawTable, pointerWidth, sortArrow } from '../tables/draw.ts';
import { sortColumnsOf, sortOf } from '../tables/sorting.ts';
import { gap, plain, styled, type Line, type RenderStyle } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';

/** More rows than these are not all measured for the widths of the columns, only those on screen. */
const mostMeasured = 500;

type TablePaneProps<Row, Facts> = PaneInput & {
  list: ListName;
  columns: Columns<Row, Facts>;
  facts: Facts;
  rows: readonly Row[];
  idOf: (row: Row) => string;
  title: Line;
  /** At the right end of the title; may depend on the columns that there is room for. */
  note?: (placed: readonly string[]) => Line;
  hasHead?: boolean;
  mergedIn?: (row: Row) => Merged | undefined;
  /** The last line of the pane, where it is high enough. */
  legend?: Line | undefined;
  /** The first row whatever is selected elsewhere. */
  isFromTop?: boolean;
  /** In place of the rows where there are none. */
  empty?: string;
};

/** A list in a pane: as many rows as there is room for, around the selected one. */
export function TablePane<Row, Facts>(props: TablePaneProps<Row, Facts>): ReactNode {
  const { state, style, area, isFocused, list, rows, legend, hasHead = true } = props;
  const height = innerHeight(area);
  const selected = props.isFromTop === true ? 0 : selectedIndex(state, list, rows.map(props.idOf));
  const taken = (hasHead ? 1 : 0) + (legend === undefined ? 0 : 2);
  const slice = sliceAround(rows.length, selected, height - taken);
  const shown = rows.slice(slice.from, slice.to);
  const sort = sortOf(list, state.sorts);
  const table = drawTable(props.columns, {
    rows: rows.length > mostMeasured ? shown : rows,
    all: rows,
    facts: props.facts,
    style,
    width: innerWidth(area),
    // The arrow of the sort stands in the head.
    sort: hasHead ? sort : undefined,
  });
  const kind = markedIn[list];
  const marks = kind === undefined ? [] : state.marks[kind];
  const listed = shown.map((row, index): PaneLine => {
    const isSelected = isFocused === true && slice.from + index === selected;
    const is = { selected: isSelected, marked: marks.includes(props.idOf(row)) };
    return { line: table.line(row, is, props.mergedIn?.(row)), isSelected };
  });
  const above = hasHead ? [{ line: table.head }] : [];
  const blank = legend === undefined ? 0 : height - above.length - listed.length - 1;
  return (
    <Pane
      title={[...props.title, ...sortNote(list, state, style, hasHead ? table.placed : undefined)]}
      {...(props.note === undefined ? {} : { note: props.note(table.placed) })}
      area={area}
      style={style}
      isFocused={isFocused === true}
      more={slice}
      lines={[
        ...above,
        ...(listed.length === 0 ? [emptyLine(props.empty ?? nothingIn(state))] : listed),
        ...Array.from({ length: Math.max(0, blank) }, () => ({ line: [] })),
        ...(legend === undefined ? [] : [{ line: legend }]),
      ]}
    />
  );
}

/** By what a list is sorted, where no title of a column says it. */
export function sortNote(
  list: ListName,
  { sorts }: AppState,
  style: RenderStyle,
  /** The columns whose titles are above the rows; absent: there are none. */
  placed?: readonly string[],
): Line {
  const sort = sortOf(list, sorts);
  const isSaid = placed ? placed.includes(sort?.column ?? '') : sorts[list] === undefined;
  const column = sortColumnsOf(list).find(({ name }) => name === sort?.column);
  if (sort === undefined || column === undefined || isSaid) return [];
  return [styled(plain(`  by ${column.title}${sortArrow(sort, style)}`, style), 'muted')];
}

/** Stands in a list without rows. */
export const emptyLine = (text: string): PaneLine => ({
  line: [gap(pointerWidth), styled(text, 'muted')],
});

export const nothingIn = ({ filter }: AppState): string =>
  filter === '' ? 'nothing in this window' : 'nothing matches the filter';

/** How many rows a list shows of how many. */
export const countOf = (shown: number, all: number): string =>
  shown === all ? `${all}` : `${shown} of ${all}`;
