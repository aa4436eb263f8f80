import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import type { Area } from '../layout/screen.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { fitLine, gap, paint, styled, widthOfLine, type Line } from '../theme/text-span.ts';

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
  const arrows = moreSpan(more, style);
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
