import { CsvError, parse } from 'csv-parse';
import { Rejection } from '../rejection.ts';
import type { TakeEntry } from './entry.ts';
import { maxLineLength } from './lines.ts';

export type CsvForm = { delimiter: string; skippedLines: number };

const delimiters = [',', ';', '\t', '|'] as const;

/** How the columns are separated, by the beginning of a file: Excel's first line says it, else the header shows it. */
export function csvForm(beginning: string): CsvForm {
  const lines = beginning.split(/\r\n|\n|\r/, 100);
  const first = lines[0] ?? '';
  const named = /^"?sep=(.)"?\s*$/i.exec(first)?.[1];
  if (named !== undefined) return { delimiter: named, skippedLines: 1 };
  const header = (lines.find((line) => line.trim() !== '') ?? '').replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string): number => header.split(delimiter).length;
  const [best = ','] = delimiters.toSorted((one, other) => count(other) - count(one));
  return { delimiter: best, skippedLines: 0 };
}

/** The names of a header, in the order of the columns. */
export function headerOf(beginning: string): string[] {
  const { delimiter, skippedLines } = csvForm(beginning);
  const lines = beginning.split(/\r\n|\n|\r/, 100).slice(skippedLines);
  const header = lines.find((line) => line.trim() !== '') ?? '';
  return header.split(delimiter).map((name) => name.replaceAll('"', '').trim());
}

/**
 * Lines of a spreadsheet as objects by the names of its header. Where something else than a comma separates
 * columns, a comma is the decimal one.
 */
export async function readCsv(
  pieces: AsyncIterable<string>,
  { delimiter, skippedLines }: CsvForm,
  take: TakeEntry,
  pause: () => Promise<boolean>,
): Promise<void> {
  let header: string[] | undefined;
  let lastLine = skippedLines + 1;
  const parser = parse({
    delimiter,
    from_line: skippedLines + 1,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: maxLineLength,
    on_record(record: string[], { lines }) {
      lastLine = lines;
      // A spreadsheet writes its unused rows as separators alone.
      if (record.every((cell) => cell.trim() === '')) return null;
      const names = header;
      if (names === undefined) header = record.map((name) => name.trim());
      else take(lines, () => objectOf(record, names, delimiter !== ','), record.join('\0'));
      return null;
    },
  });
  let failure: unknown;
  parser.on('error', (error) => (failure ??= error));
  parser.resume();
  for await (const piece of pieces) {
    if (failure !== undefined) break;
    if (!parser.write(piece)) await drained(parser);
    if (!(await pause())) return;
  }
  await ended(parser, () => failure !== undefined);
  if (failure !== undefined) take(lastLine + 1, () => rejectSyntax(failure));
}

type Parser = ReturnType<typeof parse>;

const drained = (parser: Parser): Promise<void> =>
  new Promise((resolve) => {
    parser.once('drain', resolve).once('error', () => resolve());
  });

const ended = (parser: Parser, hasFailed: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    if (hasFailed()) {
      resolve();
      return;
    }
    parser.once('end', resolve).once('error', () => resolve());
    parser.end();
  });

function objectOf(record: readonly string[], names: readonly string[], hasDecimalComma: boolean) {
  if (
    record.length < names.length ||
    record.slice(names.length).some((cell) => cell.trim() !== '')
  ) {
    throw new Rejection(`there are ${record.length} columns where the header has ${names.length}`);
  }
  if (record.some((cell) => cell.includes('\uFFFD'))) {
    throw new Rejection('the line is not text in UTF-8: save the sheet as CSV UTF-8');
  }
  return Object.fromEntries(
    names.map((name, index) => [name, cellText(record[index] ?? '', hasDecimalComma)]),
  );
}

/** What begins like a formula is written with an apostrophe before it, as is what begins with one such. */
const guarded = /^'(?='*\s*[=+\-@\t\r＝＋－＠])/;
const localNumber = /^\s*[+-]?(?:\d{1,3}(?:[.  ]\d{3})+|\d*),\d+(?:e[+-]?\d+)?\s*%?\s*$/i;

function cellText(cell: string, hasDecimalComma: boolean): string {
  if (hasDecimalComma && localNumber.test(cell)) {
    return cell.replaceAll(/[.\s]/g, '').replace(',', '.');
  }
  return cell.replace(guarded, '');
}

function rejectSyntax(error: unknown): never {
  const code = error instanceof CsvError ? error.code : '';
  const reason =
    code === 'CSV_MAX_RECORD_SIZE'
      ? `a line is longer than ${maxLineLength} characters`
      : code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quote that was opened is never closed'
        : 'a quote stands where none may';
  throw new Rejection(`${reason}; what follows it was not read`);
}
