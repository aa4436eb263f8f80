import { parse, type Parser } from 'csv-parse';
import { maxLineLength } from './text-lines.ts';

/** How a spreadsheet is written: what separates its columns, and what stands before its header. */
export type CsvForm = { delimiter: string; skippedLines: number };

const delimiters = [',', ';', '\t', '|'] as const;

/**
 * The form by the beginning of a file: Excel's first line says it, else the header shows it, which has the most
 * columns by `count`.
 */
export function csvForm(
  beginning: string,
  count: (header: string, delimiter: string) => number,
): CsvForm {
  const named = /^"?sep=(.)"?\s*$/i.exec(beginning.split(/\r\n|\n|\r/, 1)[0] ?? '')?.[1];
  if (named !== undefined) return { delimiter: named, skippedLines: 1 };
  const header = firstLine(beginning);
  const [best = ','] = delimiters.toSorted(
    (one, other) => count(header, other) - count(header, one),
  );
  return { delimiter: best, skippedLines: 0 };
}

/** The first line of a text, behind some, in which anything stands. */
export function firstLine(beginning: string, skippedLines = 0): string {
  const lines = beginning.split(/\r\n|\n|\r/, 1000).slice(skippedLines);
  return lines.find((line) => !isBlank(line)) ?? '';
}

/** Whether a cell is empty. */
export const isBlank = (cell: string): boolean => cell.trim() === '';

/**
 * Takes records as they are parsed, each with the line where it ends; none is handed on, so that nothing piles
 * up. What a spreadsheet writes for its unused rows, separators alone, is passed over.
 */
export const csvParser = (
  { delimiter, skippedLines }: CsvForm,
  take: (record: string[], line: number) => void,
): Parser =>
  parse({
    delimiter,
    from_line: skippedLines + 1,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: maxLineLength,
    on_record(record: string[], { lines }) {
      if (!record.every(isBlank)) take(record, lines);
      return null;
    },
  });
