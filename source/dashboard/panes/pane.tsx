import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Area } from '../layout/screen.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { fitLine, gap, paint, styled, widthOfLine, type Line } from '../theme/text-span.ts';
import { type Merged, sliceAround } from '../layout/table.ts';
import { selectedIndex } from '../state/lists.ts';
import { markedIn, type AppState, type ListName } from '../state/state.ts';
import type { Columns } from '../tables/column.ts';
import { drawTable, pointerWidth, sortArrow, sortColumnsOf, sortOf } from '../tables/table.ts';
import { plain } from '../theme/index.ts';
import type { PaneInput } from './common.ts';

/** One line of a pane; the selected one is marked by more than its colour, by whoever wrote it. */
export type PaneLine = { line: Line; isSelected?: boolean };

export type PaneProps = {
  title: Line;
  /** Stands at the right end of the title. */
  note?: Line;
  area: Area;
  style: RenderStyle;
  lines: readonly PaneLine[];
  isFocused?: boolean;
  /** Whether rows lie above or below what is shown; absent: below, where there are more lines than room. */
  more?: { hasAbove: boolean; hasBelow: boolean };
};

/** Columns and lines that a pane's frame takes. */
export const frame = { columns: 2, rows: 2 };

export const innerWidth = ({ width }: Area): number => Math.max(0, width - frame.columns);
export const innerHeight = ({ height }: Area): number => Math.max(0, height - frame.rows);

/** A framed rectangle of exactly its area, with its title in the frame. */
export function Pane(props: PaneProps): ReactNode {
  return (
    <Box width={props.area.width} height={props.area.height} flexShrink={0}>
      <Text wrap="truncate">{paneText(props)}</Text>
    </Box>
  );
}

function paneText({ title, note, area, style, lines, isFocused, more }: PaneProps): string {
  const { border } = style.glyphs;
  const width = innerWidth(area);
  const height = innerHeight(area);
  const role = isFocused === true ? 'accent' : 'border';
  const side = paint([styled(border.vertical, role)], style);
  const body = Array.from({ length: height }, (_, index) => {
    const { line, isSelected } = lines[index] ?? { line: [] };
    const text = paint(fitLine(line, width, style.glyphs.ellipsis), style, {
      selected: isSelected === true,
    });
    return side + text + side;
  });
  const top = [
    styled(border.topLeft, role),
    ...titleLine(title, note, width, role, style),
    styled(border.topRight, role),
  ];
  // Lines that have no room are said to be there, whoever forgot to.
  const arrows = moreSpan(more ?? { hasAbove: false, hasBelow: lines.length > height }, style);
  const bottom = [
    styled(border.bottomLeft, role),
    styled(border.horizontal.repeat(Math.max(0, width - widthOfLine(arrows))), role),
    ...(width >= widthOfLine(arrows) ? arrows : []),
    styled(border.bottomRight, role),
  ];
  return [
    paint(fitLine(top, area.width), style),
    ...body,
    paint(fitLine(bottom, area.width), style),
  ]
    .slice(0, area.height)
    .join('\n');
}

function titleLine(
  title: Line,
  note: Line | undefined,
  width: number,
  role: 'accent' | 'border',
  style: RenderStyle,
): Line {
  const { horizontal } = style.glyphs.border;
  const left: Line = [gap(1), ...title, gap(1)];
  const right: Line = note === undefined ? [] : [gap(1), ...note, gap(1)];
  const room = width - widthOfLine(left) - widthOfLine(right);
  if (room >= 0) return [...left, styled(horizontal.repeat(room), role), ...right];
  if (note !== undefined) return titleLine(title, undefined, width, role, style);
  return fitLine(left, width, style.glyphs.ellipsis);
}

function moreSpan(more: PaneProps['more'], style: RenderStyle): Line {
  if (more === undefined || !(more.hasAbove || more.hasBelow)) return [];
  const { moreAbove, moreBelow } = style.glyphs;
  return [
    styled(` ${more.hasAbove ? moreAbove : ' '}${more.hasBelow ? moreBelow : ' '} `, 'muted'),
  ];
}

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
    // The arrow of the sort stands in the head, and the letters that sort.
    sort: hasHead ? sort : undefined,
    hasKeys: isFocused === true,
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
