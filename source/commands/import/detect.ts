import { isTable } from './formats/csv.ts';
import { headerOf } from './sources/csv.ts';

/** Where records may come from, by the names of `--from`. */
export const formats = {
  own: 'lines of our own (JSON Lines), as orchestrator export writes them',
  litellm: 'spend logs of LiteLLM',
  promptfoo: 'results of promptfoo',
  inspect: 'logs of inspect_ai, as JSON',
  otlp: 'OpenTelemetry traces as JSON',
  langfuse: 'exports of Langfuse',
  original: 'the database of the original orchestrator, or another one of this program',
  csv: 'a spreadsheet',
} as const;

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats).filter(isFormatName);

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

/** Names that only one of these programs writes, in the beginning of a file of JSON. */
const marks: readonly [FormatName, ...RegExp[]][] = [
  ['otlp', /"(?:resourceSpans|resourceLogs)"/],
  ['promptfoo', /"evalId"|"promptIdx"|"testCase"/, /"results"/],
  ['inspect', /"eval"\s*:\s*\{/, /"(?:samples|status|plan)"/],
  ['litellm', /"request_id"/, /"(?:spend|call_type)"/],
  ['langfuse', /"(?:traceId|trace_id|observations)"/, /"(?:type|dataType|data_type|observations)"/],
  ['own', /"projectId"/],
];

/** How a file begins decides what it is; undefined where it looks like none of them. */
export function detectFormat(beginning: Buffer, text: string): FormatName | undefined {
  if (beginning.toString('latin1', 0, 15) === 'SQLite format 3') return 'original';
  if (/^[\s\uFEFF]*[[{]/.test(text)) {
    return marks.find(([, ...needed]) => needed.every((mark) => mark.test(text)))?.[0];
  }
  const names = headerOf(text);
  if (names.includes('request_id') && names.includes('spend')) return 'litellm';
  const isTraced = names.includes('trace_id') || names.includes('traceId');
  if (isTraced && names.includes('type')) return 'langfuse';
  return isTable(names) ? 'csv' : undefined;
}
