import { Box, Text } from 'ink';
import Table from 'ink-table';
import type { ComponentType, ReactNode } from 'react';
import type { Look } from '../theme/look.ts';
import { paint, span } from '../theme/span.ts';
import type { Role } from '../theme/palette.ts';

type Part = ComponentType<{ children?: ReactNode }>;

/**
 * A table that is only read, by ink-table. It aligns to the left and measures by length: the cells
 * come clean, ASCII or of the same width as their length, and numbers padded.
 */
export function PlainTable({
  rows,
  columns,
  look,
}: {
  rows: readonly Readonly<Record<string, string>>[];
  columns: readonly string[];
  look: Look;
}): ReactNode {
  const { header, cell, skeleton } = partsFor(look);
  return (
    <Box flexDirection="column" flexShrink={0}>
      <Table
        // ink-table takes its parts once and for all.
        key={`${look.theme} ${look.depth}`}
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

/** Rows of a table that fits into so many lines. */
export const plainTableRows = (height: number): number => Math.max(0, Math.floor((height - 3) / 2));

const known = new WeakMap<Look, { header: Part; cell: Part; skeleton: Part }>();

function partsFor(look: Look) {
  const parts = known.get(look) ?? {
    header: painted(look, 'muted'),
    cell: painted(look),
    skeleton: painted(look, 'border'),
  };
  known.set(look, parts);
  return parts;
}

const painted =
  (look: Look, role?: Role): Part =>
  ({ children }) => {
    const text = typeof children === 'string' ? children : '';
    const drawn = look.ascii
      ? text
          .replaceAll(/[┌┐└┘├┤┬┴┼]/g, '+')
          .replaceAll('─', '-')
          .replaceAll('│', '|')
      : text;
    return <Text wrap="truncate">{paint([span(drawn, role)], look)}</Text>;
  };
