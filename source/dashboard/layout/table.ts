import { type Align, cutEnd, cutMiddle, pad, widthOf } from '../text/width.ts';
import { gap, type Line, styled, type TextSpan } from '../theme/text-span.ts';
import type { RenderStyle } from '../theme/render-style.ts';

/** Where a column stands and how wide. Only columns that may be cut ever lose a character: numbers never do. */
export type LayoutRules = {
  align?: Align;
  /** Room kept even when nothing needs it, so that the columns stay put while numbers change. */
  min?: number;
  /** No wider than this in a table of that width. */
  atMost?: (tableWidth: number) => number;
  /** Shown only in tables of at least this width. */
  from?: number;
  /** The whole column goes where room is short, the highest number first; absent: never. */
  drop?: number;
  /** Goes before any text is cut. */
  isSpare?: boolean;
  /** How the column loses text, and the fewest columns that it keeps. */
  cut?: { where: 'middle' | 'end'; atLeast: number };
  /** Takes the room that is left over. */
  stretch?: boolean;
  /** Needs no room of its own but `min`: it takes what the others leave. */
  fills?: boolean;
};

export type LayoutColumn<Row> = LayoutRules & {
  name: string;
  title: string;
  cell: (row: Row, width: number) => TextSpan;
};

/** A column with its width and the blank columns before it. */
export type PlacedColumn<Row> = LayoutColumn<Row> & { width: number; before: number };

/** Columns stand this far apart where there is room, else one. */
const wideGap = 2;
/** By so much more where a table has room to spare. */
const mostSpread = 6;

/**
 * Decides which columns there is room for and how wide each is. The widths of the rows given are
 * kept whole; columns with `cut` shrink first, then columns with `drop` go.
 */
export function placeColumns<Row>(
  columns: readonly LayoutColumn<Row>[],
  rows: readonly Row[],
  width: number,
): PlacedColumn<Row>[] {
  const natural = columns
    .filter(({ from = 0 }) => width >= from)
    .map((column) => {
      const most = column.atMost?.(width) ?? Infinity;
      return { ...column, width: Math.min(most, naturalWidth(column, rows)) };
    });
  const wide = spaced(natural, wideGap);
  const isWide = widthOfAll(wide) <= width;
  const placed = isWide ? wide : spaced(natural, 1);
  for (;;) {
    const excess = widthOfAll(placed) - width;
    if (excess <= 0) break;
    const spare = placed.findLastIndex(({ isSpare }) => isSpare);
    if (spare !== -1) {
      placed.splice(spare, 1);
      continue;
    }
    const shrinkable = placed.filter(({ cut }) => cut !== undefined);
    const slack = shrinkable.reduce((sum, { width, cut }) => sum + width - (cut?.atLeast ?? 0), 0);
    if (slack >= excess || !placed.some(({ drop }) => drop !== undefined)) {
      shrink(shrinkable, excess);
      break;
    }
    const next = Math.max(...placed.map(({ drop }) => drop ?? -1));
    placed.splice(
      placed.findIndex(({ drop }) => drop === next),
      1,
    );
  }
  if (placed[0] !== undefined) placed[0].before = 0;
  const spare = width - widthOfAll(placed);
  const stretched = placed.find(({ stretch, fills }) => stretch === true || fills === true);
  if (stretched !== undefined && spare > 0) {
    stretched.width += spare - (stretched.fills === true || !isWide ? 0 : spread(placed, spare));
  }
  return placed;
}

/** Puts some of the room that is left between all columns, so that no single one is mostly blank; says how much. */
function spread<Row>(columns: readonly PlacedColumn<Row>[], spare: number): number {
  // A sign without a title belongs to what follows it.
  const apart = columns.filter((_, index) => (columns[index - 1]?.title ?? '') !== '');
  const each = Math.min(mostSpread, Math.floor(spare / (1 + apart.length)));
  for (const column of apart) column.before += each;
  return each * apart.length;
}

function naturalWidth<Row>(column: LayoutColumn<Row>, rows: readonly Row[]): number {
  if (column.fills === true) return column.min ?? 0;
  let width = Math.max(column.min ?? 0, widthOf(column.title), column.cut?.atLeast ?? 0);
  for (const row of rows) width = Math.max(width, widthOf(column.cell(row, 0).text));
  return width;
}

const spaced = <Placed extends { width: number }>(columns: readonly Placed[], before: number) =>
  columns.map((column, index) => ({ ...column, before: index === 0 ? 0 : before }));

const widthOfAll = (columns: readonly { width: number; before: number }[]): number =>
  columns.reduce((sum, { width, before }) => sum + width + before, 0);

/** Takes the excess off the widest first, one column at a time, so that none loses all. */
function shrink<Row>(columns: PlacedColumn<Row>[], excess: number): void {
  for (let left = excess; left > 0; left -= 1) {
    const [widest] = columns.toSorted(
      (a, b) => b.width - (b.cut?.atLeast ?? 0) - (a.width - (a.cut?.atLeast ?? 0)),
    );
    if (widest === undefined || widest.width <= 0) return;
    widest.width -= 1;
  }
}

/** The titles over their columns. */
export function headLine<Row>(columns: readonly PlacedColumn<Row>[]): Line {
  return columns.flatMap(({ title, width, align, before }) => [
    gap(before),
    ...titleSpans(pad(cutEnd(title, width), width, align)),
  ]);
}

/** The letter that sorts by a column stands out of its title, as its only capital. */
function titleSpans(text: string): Line {
  const at = text.search(/[A-Z]/);
  if (at === -1) return [styled(text, 'muted')];
  return [
    styled(text.slice(0, at), 'muted'),
    styled(text[at] ?? '', 'accent', true),
    styled(text.slice(at + 1), 'muted'),
  ];
}

/**
 * One cell in place of several neighbours, for a row that lacks their numbers.
 * It stands at the right end of their room, if it does not say otherwise.
 */
export type Merged = { names: readonly string[]; align?: Align; cell: (width: number) => TextSpan };

/** One row in its columns. */
export function rowLine<Row>(
  columns: readonly PlacedColumn<Row>[],
  row: Row,
  style: RenderStyle,
  merged?: Merged,
): Line {
  const cells: TextSpan[] = [];
  let mergedWidth = 0;
  for (const [index, column] of columns.entries()) {
    const isMerged = merged?.names.includes(column.name) === true;
    if (!isMerged) {
      cells.push(gap(column.before), placed(column.cell(row, column.width), column, style));
      continue;
    }
    if (mergedWidth === 0 && merged.align === 'left') cells.push(gap(column.before));
    else mergedWidth += column.before;
    mergedWidth += column.width;
    const next = columns[index + 1];
    if (next === undefined || !merged.names.includes(next.name)) {
      const { align = 'right' } = merged;
      cells.push(placed(merged.cell(mergedWidth), { width: mergedWidth, align }, style));
      mergedWidth = 0;
    }
  }
  return cells;
}

function placed(
  cell: TextSpan,
  { width, align, cut }: Pick<PlacedColumn<unknown>, 'width' | 'align' | 'cut'>,
  style: RenderStyle,
): TextSpan {
  const shorten = cut?.where === 'middle' ? cutMiddle : cutEnd;
  return { ...cell, text: pad(shorten(cell.text, width, style.glyphs.ellipsis), width, align) };
}

/** Which rows of a list are on screen. */
export type Slice = { from: number; to: number; hasAbove: boolean; hasBelow: boolean };

/** The rows around the selected one that fit into `height` lines; no state, so nothing to get wrong. */
export function sliceAround(count: number, selected: number, height: number): Slice {
  const room = Math.max(0, height);
  const furthest = Math.max(0, count - room);
  const from = Math.min(furthest, Math.max(0, selected - Math.floor(room / 2)));
  const to = Math.min(count, from + room);
  return { from, to, hasAbove: from > 0, hasBelow: to < count };
}
