import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import {
  type Field,
  optionalFields,
  OutcomeFileError,
  type Place,
  problem,
  readRow,
  requiredFields,
  type RowSink,
} from './row.ts';

/**
 * Reads comma-separated outcomes: the header names the columns, in any order; further columns are passed
 * over, as are a byte-order mark and empty lines; lines end in LF or CRLF.
 */
export async function parseCsv(path: string, input: Readable, sink: RowSink): Promise<void> {
  let header: Map<Field, number> | undefined;
  let width = 0;
  let wrong: OutcomeFileError | undefined;
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: 1_000_000,
    // Records are taken in as they are parsed, and none is handed on: nothing piles up.
    on_record(record: string[], { lines }) {
      try {
        if (header === undefined) {
          header = readHeader(path, record, lines);
          width = record.length;
        } else {
          takeRecord(record, lines, header);
        }
        return null;
      } catch (error) {
        if (error instanceof OutcomeFileError) wrong ??= error;
        throw error;
      }
    },
  });
  function takeRecord(record: string[], line: number, columns: Map<Field, number>): void {
    if (record.length !== width) {
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
        return index === undefined ? undefined : record[index];
      },
      placeOf,
    );
    sink(outcome, placeOf('item_id'));
  }

  try {
    await pipeline(input, parser.resume());
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
  for (const field of [...requiredFields, ...optionalFields]) {
    const index = names.indexOf(field);
    if (index >= 0) columns.set(field, index);
    if (index !== names.lastIndexOf(field)) {
      const place = { line, column: names.lastIndexOf(field) + 1, field };
      throw problem(path, place, 'the column is there twice; keep one of them');
    }
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
  const what =
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote that was opened is never closed; close it'
      : 'a quote stands where none may; write "" for a quote inside quotes';
  return problem(path, { line, column }, what);
}
