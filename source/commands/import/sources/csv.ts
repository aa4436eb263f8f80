import { CsvError, type Parser } from 'csv-parse';
import { csvForm, type CsvForm, csvParser, firstLine, isBlank } from '../../shared/csv.ts';
import { maxLineLength } from '../../shared/text-lines.ts';
import { Rejection } from '../rejection.ts';
import type { TakeEntry } from './entry.ts';

/** What separates the columns of a file, by its beginning. */
export const importForm = (beginning: string): CsvForm =>
  csvForm(
    beginning,
    (header, delimiter) => header.replaceAll(/"[^"]*"/g, '').split(delimiter).length,
  );

/** The names of a header, in the order of the columns. */
export function headerOf(beginning: string): string[] {
  const { delimiter, skippedLines } = importForm(beginning);
  const header = firstLine(beginning, skippedLines);
  return header.split(delimiter).map((name) => name.replaceAll('"', '').trim());
}

/**
 * Lines of a spreadsheet as objects by the names of its header. Where something else than a comma separates
 * columns, a comma is the decimal one.
 */
export async function readCsv(
  pieces: AsyncIterable<string>,
  form: CsvForm,
  take: TakeEntry,
  pause: () => Promise<boolean>,
): Promise<void> {
  const hasDecimalComma = form.delimiter !== ',';
  let header: string[] | undefined;
  let lastLine = form.skippedLines + 1;
  const parser = csvParser(form, (record, line) => {
    lastLine = line;
    const names = header;
    if (names === undefined) header = record.map((name) => name.trim());
    else take(line, () => objectOf(record, names, hasDecimalComma), record.join('\0'));
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
  if (record.length < names.length || !record.slice(names.length).every(isBlank)) {
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
