import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Area } from '../layout/screen.ts';
import type { Look } from '../theme/look.ts';
import { fitLine, gap, paint, span, widthOfLine, type Line } from '../theme/span.ts';

/** One line of a pane; the selected one is marked by more than its colour, by whoever wrote it. */
export type PaneLine = { line: Line; isSelected?: boolean };

export type PaneProps = {
  title: Line;
  /** Stands at the right end of the title. */
  note?: Line;
  area: Area;
  look: Look;
  lines: readonly PaneLine[];
  isFocused?: boolean;
  /** Whether rows lie above or below what is shown. */
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

function paneText({ title, note, area, look, lines, isFocused, more }: PaneProps): string {
  const { border } = look.glyphs;
  const width = innerWidth(area);
  const height = innerHeight(area);
  const role = isFocused === true ? 'accent' : 'border';
  const side = paint([span(border.vertical, role)], look);
  const body = Array.from({ length: height }, (_, index) => {
    const { line, isSelected } = lines[index] ?? { line: [] };
    const text = paint(fitLine(line, width, look.glyphs.ellipsis), look, {
      selected: isSelected === true,
    });
    return side + text + side;
  });
  const top = [
    span(border.topLeft, role),
    ...titleLine(title, note, width, role, look),
    span(border.topRight, role),
  ];
  const arrows = moreSpan(more, look);
  const bottom = [
    span(border.bottomLeft, role),
    span(border.horizontal.repeat(Math.max(0, width - widthOfLine(arrows))), role),
    ...(width >= widthOfLine(arrows) ? arrows : []),
    span(border.bottomRight, role),
  ];
  return [paint(fitLine(top, area.width), look), ...body, paint(fitLine(bottom, area.width), look)]
    .slice(0, area.height)
    .join('\n');
}

function titleLine(
  title: Line,
  note: Line | undefined,
  width: number,
  role: 'accent' | 'border',
  look: Look,
): Line {
  const { horizontal } = look.glyphs.border;
  const left: Line = [gap(1), ...title, gap(1)];
  const right: Line = note === undefined ? [] : [gap(1), ...note, gap(1)];
  const room = width - widthOfLine(left) - widthOfLine(right);
  if (room >= 0) return [...left, span(horizontal.repeat(room), role), ...right];
  if (note !== undefined) return titleLine(title, undefined, width, role, look);
  return fitLine(left, width, look.glyphs.ellipsis);
}

function moreSpan(more: PaneProps['more'], look: Look): Line {
  if (more === undefined || !(more.hasAbove || more.hasBelow)) return [];
  const { moreAbove, moreBelow } = look.glyphs;
  return [span(` ${more.hasAbove ? moreAbove : ' '}${more.hasBelow ? moreBelow : ' '} `, 'muted')];
}
