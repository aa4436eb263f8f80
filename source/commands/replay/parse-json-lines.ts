import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { messageOf } from '../../domain/errors.ts';
import { type Field, type Place, problem, readRow, type RowSink } from './row.ts';

/** Reads outcomes of one JSON object per line; further fields, empty lines and a byte-order mark are passed over. */
export async function parseJsonLines(path: string, input: Readable, sink: RowSink): Promise<void> {
  let line = 0;
  for await (const raw of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const text = line === 1 ? raw.replace(/^\u{FEFF}/u, '') : raw;
    if (text.trim() !== '') takeLine(path, text, line, sink);
  }
}

function takeLine(path: string, text: string, line: number, sink: RowSink): void {
  const record = parseRecord(path, text, line);
  const placeOf = (field: Field): Place => {
    const at = text.indexOf(`"${field}"`);
    return { line, column: at < 0 ? 1 : at + 1, field };
  };
  const outcome = readRow(path, (field) => record[field], placeOf);
  sink(outcome, placeOf('item_id'));
}

function parseRecord(path: string, text: string, line: number): Partial<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(messageOf(error))?.[1];
    // Without a position the text ended too early.
    const column = position === undefined ? text.length + 1 : Number(position) + 1;
    throw problem(
      path,
      { line, column },
      'this is not a complete JSON object; complete the line or take it out',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem(
      path,
      { line, column: 1 },
      'this is not a JSON object; write one outcome per line',
    );
  }
  return { ...value };
}
