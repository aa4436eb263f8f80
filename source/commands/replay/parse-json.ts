import { messageOf } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { maxLineLength, readTextLines } from '../shared/text-lines.ts';
import { type Field, fieldOf, type Place, problem, readRow, type RowSink } from './row.ts';

/** Reads outcomes of one JSON object per line; further fields and empty lines are passed over. */
export const parseJsonLines = (
  path: string,
  pieces: AsyncIterable<string>,
  sink: RowSink,
): Promise<void> =>
  readTextLines(pieces, (text, line) => {
    if (text === undefined) throw tooLong(path, line);
    takeLine(path, text, line, sink);
  });

function takeLine(path: string, raw: string, line: number, sink: RowSink): void {
  const text = raw.replace(/\r$/, '');
  if (text.trim() === '') return;
  const record = parseRecord(path, text, line);
  take(path, record, (at) => ({ line, column: text.indexOf(`"${at}"`) + 1 || 1 }), sink);
}

/** Reads outcomes of an array of JSON objects, however it is broken into lines. */
export async function parseJsonArray(
  path: string,
  pieces: AsyncIterable<string>,
  sink: RowSink,
): Promise<void> {
  /** 0 before the array, 1 within it, 2 and more within an object; -1 after the array. */
  let depth = 0;
  let inString = false;
  let escaped = false;
  let line = 1;
  let start = { line: 1, text: '' };

  const outside = (character: string): void => {
    if (/\s/.test(character) || (depth === 1 && character === ',')) return;
    if (depth === 0 && character === '[') depth = 1;
    else if (depth === 1 && character === ']') depth = -1;
    else if (depth === 1 && character === '{') {
      depth = 2;
      start = { line, text: '' };
    } else {
      const what =
        depth < 0
          ? 'something follows the array; take it out'
          : 'this is not a JSON object; write a list of outcomes';
      throw problem(path, { line }, what);
    }
  };

  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const character = piece[at] ?? '';
      if (character === '\n') line += 1;
      if (depth < 2) {
        outside(character);
        from = at;
      } else if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
      } else if (character === '"') inString = true;
      else if (character === '{' || character === '[') depth += 1;
      else if (character === '}' || character === ']') {
        depth -= 1;
        if (depth > 1) continue;
        const { line: first, text } = start;
        const record = parseRecord(path, text + piece.slice(from, at + 1), first);
        take(path, record, () => ({ line: first }), sink);
      }
    }
    if (depth < 2) continue;
    start.text += piece.slice(from);
    if (start.text.length > maxLineLength) throw tooLong(path, start.line);
  }
  if (depth !== -1) throw problem(path, { line }, 'the array is never closed; complete the file');
}

function tooLong(path: string, line: number): Error {
  const what = `an outcome is longer than ${maxLineLength} characters; is this a file of outcomes? Write one on each line`;
  return problem(path, { line }, what);
}

type Fields = Partial<Record<string, unknown>>;

function take(path: string, record: Fields, whereIs: (key: string) => Place, sink: RowSink): void {
  const keys = new Map<Field, string>();
  for (const key of Object.keys(record)) {
    const field = fieldOf(key);
    // A key that is spelt exactly so goes before one that is only alike.
    if (field !== undefined && (key === field || !keys.has(field))) keys.set(field, key);
  }
  const placeOf = (field: Field): Place => ({ ...whereIs(keys.get(field) ?? field), field });
  const outcome = readRow(path, (field) => record[keys.get(field) ?? field], placeOf);
  sink(outcome, placeOf('item_id'));
}

function parseRecord(path: string, text: string, line: number): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    value = parseWithNaN(text);
    if (value !== undefined) return recordOf(path, value, line);
    const position = /position (\d+)/.exec(messageOf(error))?.[1];
    // Without a position the text ended too early.
    const column = position === undefined ? text.length + 1 : Number(position) + 1;
    throw problem(
      path,
      { line, column },
      'this is not a complete JSON object; complete the line or take it out',
    );
  }
  return recordOf(path, value, line);
}

function recordOf(path: string, value: unknown, line: number): Fields {
  if (isRecord(value)) return value;
  throw problem(path, { line, column: 1 }, 'this is not a JSON object; write one outcome per line');
}

/** What Python writes for a number that is none, as null; undefined where that is not what is wrong. */
function parseWithNaN(text: string): unknown {
  if (text.length > 100_000 || !/NaN|Infinity/.test(text)) return undefined;
  return parseJson(
    text.replaceAll(
      /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g,
      (_, string: string | undefined) => string ?? 'null',
    ),
  );
}
