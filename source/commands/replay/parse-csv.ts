import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { CsvError } from 'csv-parse';
import type { CsvForm } from '../shared/csv.ts';
import { csvParser } from '../shared/csv.ts';
import { isBlank } from '../shared/csv.ts';
import { maxLineLength } from '../shared/text-lines.ts';
import {
  type Field,
  fieldOf,
  optionalFields,
  OutcomeFileError,
  type Place,
  problem,
  readRow,
  requiredFields,
  type RowSink,
} from './row.ts';

/**
 * Reads outcomes in columns: the header names them, in any order; further columns are passed over, as are
 * empty lines and cells behind the last column; lines end in LF or CRLF. Where something else than a comma separates them, a comma may be
 * the decimal point.
 */
export async function parseCsv(
  path: string,
  pieces: AsyncIterable<string>,
  form: CsvForm,
  sink: RowSink,
): Promise<void> {
  let header: Map<Field, number> | undefined;
  let width = 0;
  let wrong: OutcomeFileError | undefined;
  const parser = csvParser(form, (record, line) => {
    try {
      if (header === undefined) {
        header = readHeader(path, record, line);
        width = record.length;
      } else {
        takeRecord(record, line, header);
      }
    } catch (error) {
      if (error instanceof OutcomeFileError) wrong ??= error;
      throw error;
    }
  });
  function takeRecord(record: string[], line: number, columns: Map<Field, number>): void {
    if (record.length < width || !record.slice(width).every(isBlank)) {
      const what = `the line has ${record.length} columns where the header has ${width}; complete it or take it out`;
      throw problem(path, { line, column: Math.min(record.length, width) + 1 }, what);
    }
    const placeOf = (field: Field): Place => ({
      line,
      column: (columns.get(field) ?? 0) + 1,
      field,
    });
    const outcome = readRow(
      path,
      (field) => {
        const index = columns.get(field);
        const text = index === undefined ? undefined : record[index];
        return form.delimiter === ','
          ? text
          : text?.replace(/^(\s*[+-]?\d*),(\d+(?:e[+-]?\d+)?\s*)$/i, '$1.$2');
      },
      placeOf,
    );
    sink(outcome, placeOf('item_id'));
  }

  try {
    await pipeline(Readable.from(pieces), parser.resume());
  } catch (error) {
    if (wrong !== undefined) throw wrong;
    if (error instanceof CsvError) throw syntaxProblem(path, error);
    throw error;
  }
  if (header === undefined) {
    throw problem(path, { line: 1 }, `there is no header; begin with ${requiredFields.join(',')}`);
  }
}

function readHeader(path: string, record: string[], line: number): Map<Field, number> {
  const names = record.map((name) => name.trim());
  const columns = new Map<Field, number>();
  for (const [index, name] of names.entries()) {
    const field = fieldOf(name);
    if (field === undefined) continue;
    if (columns.has(field)) {
      const place = { line, column: index + 1, field };
      throw problem(path, place, 'the column is there twice; keep one of them');
    }
    columns.set(field, index);
  }
  const missing = requiredFields.filter((field) => !columns.has(field));
  if (missing.length > 0) {
    const what = `the header lacks ${missing.join(', ')}; it must name ${requiredFields.join(', ')} and may name ${optionalFields.join(', ')}`;
    throw problem(path, { line, column: names.length + 1 }, what);
  }
  return columns;
}

function syntaxProblem(path: string, error: CsvError): OutcomeFileError {
  const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
  const column = 'column' in error && typeof error.column === 'number' ? error.column + 1 : 1;
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const what = `a line is longer than ${maxLineLength} characters; is this a file of outcomes? Write one on each line`;
    return problem(path, { line }, what);
  }
  const what =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote that was opened is never closed; close it'
      : 'a quote stands where none may; write "" for a quote inside quotes';
  return problem(path, { line, column }, what);
}
