/** The part of asciichart that we use; it comes without types. */
declare module 'asciichart' {
  export function plot(
    series: readonly number[],
    options?: {
      min?: number;
      max?: number;
      /** Lines between the lowest and the highest value. */
      height?: number;
      /** Column of the axis, counted from 1; a label counts as one column. */
      offset?: number;
      format?: (value: number) => string;
      symbols?: readonly string[];
    },
  ): string;
}

/** ink-table's own types are of an older React. */
declare module 'ink-table' {
  import type { ComponentType, ReactNode } from 'react';

  type Row = Readonly<Record<string, string>>;

  const Table: ComponentType<{
    data: readonly Row[];
    columns?: readonly string[];
    padding?: number;
    header?: ComponentType<{ children?: ReactNode }>;
    cell?: ComponentType<{ children?: ReactNode }>;
    skeleton?: ComponentType<{ children?: ReactNode }>;
  }>;
  export default Table;
}
