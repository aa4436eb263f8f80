import { closeSync, writeSync } from 'node:fs';
import { defined } from '../../domain/defined.ts';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { appendToOwnFile, readOwnFile } from '../../files/own-file.ts';

/** What a run wrote as its results, kept beside its journal: a resumed run may replace that, and only that. */
export type ResultsRecord = {
  /** The folder that was written to last, absolute; absent where there is none yet. */
  directory?: string;
  /** SHA-256 and length in bytes of every content that was written. */
  contents: ReadonlyMap<string, number>;
  /** Names of the files by task, in that folder. */
  files: ReadonlyMap<string, string>;
};

const recordFile = 'results.jsonl';
/** In bytes; a line takes about a hundred. */
const largestRecord = 50_000_000;

/** Empty where there is none, or none that can be relied on. `directory` is that of the run's journal. */
export function readResultsRecord(directory: string): ResultsRecord {
  const file = readOwnFile(pathIn(directory), { maxBytes: largestRecord });
  const contents = new Map<string, number>();
  const files = new Map<string, string>();
  if (!file.ok) return { contents, files };
  let written: string | undefined;
  for (const line of file.text.split('\n')) {
    const entry = entryIn(line);
    if (entry?.directory !== undefined) written = entry.directory;
    if (entry?.taskId !== undefined && entry.name !== undefined)
      files.set(entry.taskId, entry.name);
    if (entry?.sha256 !== undefined && entry.bytes !== undefined) {
      contents.set(entry.sha256, entry.bytes);
    }
  }
  return { contents, files, ...defined({ directory: written }) };
}

type Entry = {
  directory?: string;
  sha256?: string;
  bytes?: number;
  taskId?: string;
  name?: string;
};

/** Adds to what was written. Where that fails, a resumed run finds less that it may replace. */
export function extendResultsRecord(directory: string, entry: Entry): void {
  const file = appendToOwnFile(pathIn(directory));
  if (!file.ok) return;
  try {
    // Begins with the end of a line: an earlier write may have failed half way.
    writeSync(file.descriptor, `${file.size === 0 ? '' : '\n'}${JSON.stringify(entry)}`);
  } catch {
    return;
  } finally {
    closeSync(file.descriptor);
  }
}

function pathIn(directory: string): string {
  return `${directory}/${recordFile}`;
}

function entryIn(line: string): Entry | undefined {
  const value = parseJson(line);
  if (!isRecord(value)) return undefined;
  const { directory, sha256, bytes, taskId, name } = value;
  return defined({
    directory: textOf(directory),
    sha256: textOf(sha256),
    bytes: typeof bytes === 'number' ? bytes : undefined,
    taskId: textOf(taskId),
    name: textOf(name),
  });
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
