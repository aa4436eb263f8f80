import { defined } from '../../domain/defined.ts';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import type { TextStream } from '../../files/text-stream.ts';
import { encodingOf } from '../../files/text-stream.ts';
import type { ImportedRecord } from '../../telemetry/transfer/index.ts';
import type { FormatName } from './detect.ts';
import type { FormatContext } from './formats/answer.ts';
import { csvRecords } from './formats/csv.ts';
import { inspectPaths, inspectRecords } from './formats/inspect.ts';
import { langfusePaths, langfuseRecords } from './formats/langfuse.ts';
import { litellmRecords } from './formats/litellm.ts';
import { createOtlpReader, otlpPaths } from './formats/otlp.ts';
import { promptfooPaths, promptfooRecords } from './formats/promptfoo.ts';
import { ownRecord } from './own-record.ts';
import { fieldsIn } from './rejection.ts';
import { importForm, readCsv } from './sources/csv.ts';
import { type DocumentPaths, readDocument } from './sources/document.ts';
import type { TakeEntry } from './sources/entry.ts';
import { readLines } from './sources/lines.ts';

/** The records of an entry: none where it is nothing that is kept here, undefined where they come later. */
type Records = readonly ImportedRecord[] | undefined;

/** Takes the records of one entry; what `recordsOf` throws is why there are none. */
export type TakeRecords = (line: number, recordsOf: () => Records) => void;

/** What a format makes of an entry of a file. */
type ReadEntry = (value: unknown, content: string) => Records;

type Format = {
  read: ReadEntry;
  /** The parts of a document that are entries, where the file is one. */
  paths: DocumentPaths;
  /** Whether each line may be an entry by itself. */
  byLine: boolean;
  finish?: () => readonly ImportedRecord[];
};

/**
 * Reads all records of a text, entry by entry. `pause` is called between pieces of it, and ends the reading
 * by answering false.
 */
export async function readRecords(
  text: TextStream,
  name: Exclude<FormatName, 'original'>,
  {
    context,
    take,
    pause,
  }: { context: FormatContext; take: TakeRecords; pause: () => Promise<boolean> },
): Promise<void> {
  const header = new Map<string, unknown>();
  const { read, paths, byLine, finish } = formatOf(name, context, header);
  const beginning = new TextDecoder(encodingOf(text.beginning)).decode(text.beginning);
  const entry: TakeEntry = (line, valueOf, content) =>
    take(line, () => {
      const value = valueOf();
      return read(value, content ?? JSON.stringify(value));
    });
  const isJson = /^\s*[[{]/.test(beginning);
  if (name === 'csv' || !isJson) {
    await readCsv(text.pieces(), importForm(beginning), entry, pause);
  } else if (byLine && isLines(beginning)) {
    await readLines(text.pieces(), entry, pause);
  } else {
    const elements = paths.elements.map((path) =>
      path === '$.*' && /^\s*\{/.test(beginning) ? '$.data.*' : path,
    );
    const onHeader = (key: string, value: unknown) => void header.set(key, value);
    await readDocument(text.pieces(), { ...paths, elements }, { take: entry, onHeader, pause });
  }
  const rest = finish?.() ?? [];
  for (const record of rest) take(0, () => [record]);
}

function formatOf(
  name: Exclude<FormatName, 'original'>,
  context: FormatContext,
  header: ReadonlyMap<string, unknown>,
): Format {
  const { now, taskType } = context;
  const lines = { paths: langfusePaths, byLine: true };
  switch (name) {
    case 'own':
      return {
        ...lines,
        read(value, content) {
          const fields = fieldsIn(value);
          // What an export wrote says it where there is one.
          const named = 'kind' in fields ? {} : defined({ taskType });
          return [ownRecord({ ...named, ...fields }, content, now)];
        },
      };
    case 'csv':
      return {
        ...lines,
        read: (value, content) => csvRecords(value, content, { now, ...defined({ taskType }) }),
      };
    case 'litellm':
      return { ...lines, read: (value, content) => litellmRecords(value, content, context) };
    case 'langfuse':
      return { ...lines, read: (value) => langfuseRecords(value, context) };
    case 'promptfoo':
      return {
        paths: promptfooPaths,
        byLine: false,
        read: (value) => promptfooRecords(value, { ...context, header }),
      };
    case 'inspect':
      return {
        paths: inspectPaths,
        byLine: false,
        read: (value) => inspectRecords(value, { ...context, header }),
      };
    case 'otlp': {
      const { read, finish } = createOtlpReader(context);
      const readSome: ReadEntry = (value) => {
        const records = read(value);
        return records.length > 0 ? records : undefined;
      };
      return { paths: otlpPaths, byLine: false, read: readSome, finish };
    }
  }
}

/** Whether the first line is a whole object, and not the list of all. */
function isLines(beginning: string): boolean {
  const [first = ''] = beginning.trimStart().split('\n', 1);
  if (first.length > 60_000) return true;
  const value = parseJson(first);
  // A line that is broken off, or no line at all: of a document, the first one is a bracket.
  if (value === undefined) return !/^[[{]\s*$/.test(first) && first.startsWith('{');
  return isRecord(value) && !Array.isArray(value['data']);
}
