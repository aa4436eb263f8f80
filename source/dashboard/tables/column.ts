import type { LayoutRules } from '../layout/table.ts';
import type { Align } from '../text/index.ts';
import type { RenderStyle, TextSpan } from '../theme/index.ts';
import type { TextStyle } from '../theme/text-style.ts';

/**
 * What each key sorts by, whatever the table calls it. Capitals, as in other programs of this kind; G, L, N and S
 * do something else.
 */
export const sortWords = {
  A: 'calls or attempts',
  B: 'share of the budget',
  C: 'cost',
  E: 'change of value',
  F: 'failures, state or kind',
  H: 'share',
  I: 'name of the task or run',
  K: 'tasks',
  M: 'model',
  P: 'p95 or $/task',
  Q: 'quality or score',
  R: 'rank or reviews',
  T: 'time',
  U: 'success',
  V: 'value or saving',
  Y: 'task type',
} as const;

export type SortLetter = keyof typeof sortWords;

export const sortLetters = Object.keys(sortWords).filter(
  (letter): letter is SortLetter => letter in sortWords,
);

/** Where a column stands in an output with an order of its own; without a place, the table's order. */
type Placed = { place?: number };

/**
 * One column of a table, described once: the screen, `--plain`, the screen reader, `y`, exports and
 * sorting follow from it. What a column leaves out, that output does not have. `Facts` is what the
 * table knows besides its rows.
 */
export type Column<Row, Facts = unknown> = LayoutRules & {
  title?: string | ((facts: Facts) => string);
  /**
   * On the screen. `width` is what the column got, 0 while it is measured; `decimals` what its `dollars` are
   * shown with.
   */
  cell?: (row: Row, style: RenderStyle, facts: Facts, width: number, decimals: number) => TextSpan;
  /** Money that the column shows: every amount of it gets as many decimals as the smallest needs. */
  dollars?: (row: Row, facts: Facts) => number | null | undefined;
  /** Three digits of the largest amount at least, where small differences matter. */
  areDollarsFine?: true;
  /** Shown only while the list is sorted by it. */
  isOnlySorted?: true;
  /** A number that means little below ten calls: a COLD model shows none. */
  isComparison?: true;
  /** In its natural direction; `anyConfidence`: COLD models are sorted among the others. */
  sort?: Placed & {
    // A method: lists of different rows sort by the same columns.
    key(row: Row): number | string | null;
    /** The key that sorts by it: the same letter for the same thing in every table. */
    letter: SortLetter;
    ascending?: true;
    anyConfidence?: true;
  };
  plain?: Placed & {
    text: (row: Row, style: TextStyle, facts: Facts) => string;
    align?: Align;
    title?: string;
  };
  /** A part of a spoken sentence; undefined: nothing is said. */
  spoken?: Placed & { text: (row: Row) => string | undefined };
  copied?: Placed & { text: (row: Row) => string };
  /** An unrounded value that is not in the row itself, exported under the column's name. */
  exported?: (row: Row, facts: Facts) => unknown;
  choice?: Choice;
};

/** A column where columns are chosen: what it is called there and means. */
export type Choice = {
  /** Where it is another than above the column. */
  title?: string;
  meaning: string;
  isHiddenAtFirst?: true;
  /** A number that stands for itself and for every model. */
  isNumber?: true;
};

/** The columns of a table by name, from left to right. */
export type Columns<Row, Facts = unknown> = Readonly<Record<string, Column<Row, Facts>>>;

type Output = 'sort' | 'plain' | 'spoken' | 'copied';

/** The columns that an output has, in its order. */
export function columnsWith<Row, Facts, Name extends Output>(
  columns: Columns<Row, Facts>,
  output: Name,
) {
  return Object.entries(columns)
    .flatMap(([name, column]) => {
      const form = column[output];
      return form === undefined ? [] : [{ name, column, form }];
    })
    .toSorted((a, b) => (a.form.place ?? 0) - (b.form.place ?? 0));
}
