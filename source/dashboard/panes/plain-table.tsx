import { Box, Text } from 'ink';
import Table from 'ink-table';
import type { ComponentType, ReactNode } from 'react';
import type { RenderStyle } from '../theme/render-style.ts';
import { paint, styled } from '../theme/text-span.ts';
import type { Role } from '../theme/palette.ts';

type Part = ComponentType<{ children?: ReactNode }>;

/**
 * A table that is only read, by ink-table. It aligns to the left and measures by length: the cells
 * come clean, ASCII or of the same width as their length, and numbers padded.
 */
export function PlainTable({
  rows,
  columns,
  style,
}: {
  rows: readonly Readonly<Record<string, string>>[];
  columns: readonly string[];
  style: RenderStyle;
}): ReactNode {
  const { header, cell, skeleton } = partsFor(style);
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Table
        // ink-table takes its parts once and for all.
        key={`${style.theme} ${style.depth}`}
        data={rows}
        columns={columns}
        header={header}
        cell={cell}
        skeleton={skeleton}
      />
    </Box>
  );
}

/** Lines that a table of so many rows takes: ink-table rules off each. */
export const plainTableHeight = (rows: number): number => 3 + 2 * rows;

const known = new WeakMap<RenderStyle, { header: Part; cell: Part; skeleton: Part }>();

function partsFor(style: RenderStyle) {
  const parts = known.get(style) ?? {
    header: painted(style, 'muted'),
    cell: painted(style),
    skeleton: painted(style, 'border'),
  };
  known.set(style, parts);
  return parts;
}

const painted =
  (style: RenderStyle, role?: Role): Part =>
  ({ children }) => {
    const text = typeof children === 'string' ? children : '';
    const drawn = style.ascii
      ? text
          .replaceAll(/[┌┐└┘├┤┬┴┼]/g, '+')
          .replaceAll('─', '-')
          .replaceAll('│', '|')
      : text;
    return <Text wrap="truncate">{paint([styled(drawn, role)], style)}</Text>;
  };
