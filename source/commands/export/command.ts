import { setImmediate as turn } from 'node:timers/promises';
import { printText } from '../../dashboard/output/print.ts';
import { didYouMean } from '../../domain/closest-name.ts';
import { type ExitCode, exitCodes, OrchestratorError, UsageError } from '../../domain/errors.ts';
import type { TagFilter } from '../../domain/tags.ts';
import { userPath } from '../../files/user-path.ts';
import {
  factKinds,
  type FactKind,
  type FactRow,
  type Facts,
  openFacts,
} from '../../telemetry/transfer/index.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, FlagValues } from '../command-line/specification.ts';
import { cachePaths } from '../shared/cache-paths.ts';
import { loadHistory, requireDatabase } from '../shared/history-of.ts';
import { createProgress } from '../shared/progress.ts';
import { listenForStop } from '../shared/stop-signals.ts';
import { tagFilter } from '../shared/tag-flags.ts';
import { openOutput, type Output } from './output.ts';
import { writeParquet } from './parquet.ts';
import { prometheusText } from './prometheus.ts';
import { columnsFor, csvHeader, csvLine, jsonLine } from './text-formats.ts';

const formats = ['jsonl', 'csv', 'parquet', 'prometheus'] as const;
type Format = (typeof formats)[number];

/** `orchestrator export`: all that is known, for other programs. */
export const command: Command = async ({ flags, context }) => {
  const { clock, environment, stderr, stdout, workingDirectory } = context;
  const { database } = cachePaths(environment, textFlag(flags, 'db'));
  const path = textFlag(flags, 'output');
  const format = formatOf(flags, path);
  const kinds = kindsOf(flags);
  const filter = tagFilter(flags);
  if (format === 'prometheus' && filter.length > 0) {
    throw new UsageError(
      '--tag picks facts, and prometheus has none: choose jsonl, csv or parquet.',
    );
  }
  requireDatabase(database);
  const file = path === undefined || path === '-' ? undefined : userPath(path, workingDirectory);
  if (format === 'parquet' && file === undefined) {
    throw new UsageError('Parquet is no text: name a file, as in --output facts.parquet.');
  }
  const output = openOutput(file, stdout, database);
  const stop = listenForStop(() => undefined);
  const progress = createProgress(stderr);
  let isDone = false;
  try {
    const written =
      format === 'prometheus'
        ? await writeState(output, { database, now: clock(), stderr })
        : await writeFacts(output, { format, database, kinds, filter }, async (share) => {
            if (file !== undefined) progress.show('writing', share);
            await turn();
            return !stop.signal.aborted && !stdout.destroyed;
          });
    isDone = !stop.signal.aborted;
    if (isDone) output.finish();
    progress.clear();
    if (isDone && file !== undefined && !switchFlag(flags, 'quiet')) {
      printText(stdout, `${written} written to ${file}.\n`);
    }
    return stop.exitCode() ?? (exitCodes.done satisfies ExitCode);
  } finally {
    progress.clear();
    stop.dispose();
    if (!isDone) output.discard();
  }
};

function formatOf(flags: FlagValues, path: string | undefined): Format {
  const name = textFlag(flags, 'format') ?? /\.(jsonl|csv|parquet|prom)$/i.exec(path ?? '')?.[1];
  const format = formats.find((one) => one === name || (one === 'prometheus' && name === 'prom'));
  if (format !== undefined) return format;
  if (name === undefined) return 'jsonl';
  throw new UsageError(`--format ${name} is none of ${formats.join(', ')}: name one of them.`);
}

function kindsOf(flags: FlagValues): readonly FactKind[] {
  const name = textFlag(flags, 'only');
  if (name === undefined) return factKinds;
  const kind = factKinds.find((one) => one === name || `${one}s` === name);
  if (kind !== undefined) return [kind];
  throw new UsageError(`--only ${name} is none of ${factKinds.join(', ')}: name one of them.`);
}

async function writeFacts(
  output: Output,
  {
    format,
    database,
    kinds,
    filter,
  }: {
    format: Exclude<Format, 'prometheus'>;
    database: string;
    kinds: readonly FactKind[];
    filter: TagFilter;
  },
  onStep: (share: number) => Promise<boolean>,
): Promise<string> {
  const facts = await openFacts(database);
  try {
    await requireTags(facts, filter);
    const isTagged = await facts.isTagged();
    const wanted = isTagged || kinds.length === 1 ? kinds : kinds.filter((kind) => kind !== 'tag');
    const all = await facts.count(wanted);
    const columns = columnsFor(wanted, isTagged);
    let read = 0;
    let count = 0;
    const pages = async function* (): AsyncGenerator<readonly FactRow[]> {
      for await (const page of facts.pages(wanted, filter)) {
        const listed = kinds.length === 1 ? page : page.filter(isListed);
        read += page.length;
        count += listed.length;
        yield listed;
      }
    };
    const pause = (): Promise<boolean> => onStep(Math.min(1, read / Math.max(1, all)));
    if (format === 'parquet' && output.temporary !== undefined) {
      await writeParquet(output.temporary, pages(), columns, pause);
    } else {
      if (format === 'csv') await output.write(csvHeader(columns));
      for await (const page of pages()) {
        for (const row of page) {
          await output.write(format === 'csv' ? csvLine(row, columns) : jsonLine(row));
        }
        if (!(await pause())) break;
      }
    }
    return `${count.toLocaleString('en-US')} fact${count === 1 ? '' : 's'}`;
  } finally {
    await facts.close();
  }
}

/**
 * A filter that can match nothing is a mistake, not an empty export.
 *
 * @throws OrchestratorError `no-such-tag`
 */
async function requireTags(facts: Facts, filter: TagFilter): Promise<void> {
  if (filter.length === 0) return;
  const names = await facts.tagWords();
  if (names.length === 0) {
    throw noSuchTag(
      'No record has any tag: give a run some with orchestrator run --tag NAME=VALUE.',
    );
  }
  for (const { name, value } of filter) {
    if (!names.includes(name)) {
      throw noSuchTag(
        `No record has a tag ${name}${didYouMean(name, names)}: use one of ${listed(names)}.`,
      );
    }
    const values = value === undefined ? [] : await facts.tagWords(name);
    if (value !== undefined && !values.includes(value)) {
      throw noSuchTag(
        `No record has the tag ${name}=${value}${didYouMean(value, values)}: use one of ${listed(values)}.`,
      );
    }
  }
}

const noSuchTag = (message: string): OrchestratorError =>
  new OrchestratorError('no-such-tag', message);

const mostListed = 12;

const listed = (words: readonly string[]): string =>
  words.length > mostListed
    ? `${words.slice(0, mostListed).join(', ')} and ${words.length - mostListed} more`
    : words.join(', ');

/** Tags of a task are in its line; those of a whole run have lines of their own. */
const isListed = ({ kind, fields }: FactRow): boolean =>
  kind !== 'tag' || fields['taskId'] === null;

async function writeState(
  output: Output,
  { database, now, stderr }: { database: string; now: number; stderr: NodeJS.WriteStream },
): Promise<string> {
  const cells = await loadHistory(database, (message) => printText(stderr, `${message}\n`));
  await output.write(prometheusText(cells, now));
  return `What is known of ${cells.length} (model, task type)${cells.length === 1 ? '' : 's'}`;
}
