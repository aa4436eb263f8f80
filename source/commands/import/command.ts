import { setImmediate as turn } from 'node:timers/promises';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { didYouMean } from '../../domain/closest-name.ts';
import { defined } from '../../domain/defined.ts';
import {
  type ExitCode,
  exitCodes,
  messageOf,
  OrchestratorError,
  UsageError,
} from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';
import { realPathOf } from '../../files/real-path.ts';
import {
  encodingOf,
  openTextStream,
  readTextStream,
  type TextStream,
} from '../../files/text-stream.ts';
import { userPath } from '../../files/user-path.ts';
import {
  factKinds,
  type Importer,
  openFacts,
  openHistoryImporter,
} from '../../telemetry/transfer/index.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, CommandContext, FlagValues } from '../command-line/specification.ts';
import { cachePaths } from '../shared/cache-paths.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { createProgress } from '../shared/progress.ts';
import { listenForStop } from '../shared/stop-signals.ts';
import { detectFormat, type FormatName, formatNames, formats, isFormatName } from './detect.ts';
import type { FormatContext } from './formats/answer.ts';
import { createLoader, type Loader } from './load.ts';
import { ownRecord } from './own-record.ts';
import { readRecords } from './reader.ts';
import { createRejected } from './rejected.ts';
import { reportJson, reportText } from './report.ts';

/** `orchestrator import FILE`: what another tool recorded, into the history that routing learns from. */
export const command: Command = async ({ argument, flags, context }) => {
  const file = fileOf(argument, context);
  const wanted = formatFlag(flags);
  const { database } = cachePaths(context.environment, textFlag(flags, 'db'));
  const stop = listenForStop(() => undefined);
  const text = file === '-' ? await readTextStream(context.stdin) : await openFile(file);
  const progress = createProgress(context.stderr);
  try {
    const format = wanted ?? detected(text, file);
    const importer = await openHistoryImporter(database, format);
    const rejected = createRejected();
    const shownFile = file === '-' ? 'stdin' : file;
    const loader = createLoader({
      importer,
      rejected,
      signal: stop.signal,
      onProgress: () => progress.show('reading', share(text)),
    });
    try {
      if (format === 'original') await readHistory(file, database, loader, context.clock());
      else await readText(text, format, { flags, context, loader });
      await loader.finish();
      await sumUp(importer, stop.signal, () => progress.show('summing up', 0.99));
    } finally {
      await importer.close();
      progress.clear();
    }
    const report = {
      file: shownFile,
      format,
      counts: loader.counts,
      rejected,
      stopped: stop.signal.aborted,
    };
    if (switchFlag(flags, 'json')) printJson(context.stdout, reportJson(report));
    else {
      const { problems, summary } = reportText(report);
      printText(context.stderr, problems);
      printText(context.stdout, summary);
    }
    const { added, known, passedOver } = loader.counts;
    const isNothing = added + known + passedOver + rejected.count === 0;
    if (isNothing && !stop.signal.aborted) {
      throw new OrchestratorError(
        'no-records',
        `No record was found in ${shownFile}, read as ${format}: look whether it has any, or say what it is with --from.`,
      );
    }
    return stop.exitCode() ?? exitCodeOf(rejected.count);
  } finally {
    stop.dispose();
    await text.close();
  }
};

const exitCodeOf = (rejected: number): ExitCode =>
  rejected > 0 ? exitCodes.failed : exitCodes.done;

function fileOf(argument: string | undefined, { stdin, workingDirectory }: CommandContext): string {
  if (argument === undefined) {
    throw new UsageError(
      'There is nothing to import: name a file, as in orchestrator import FILE.',
    );
  }
  if (argument !== '-') return userPath(argument, workingDirectory);
  if (!stdin.isTTY) return argument;
  throw new UsageError(
    'Nothing is piped in: use cat FILE | orchestrator import -, or name a file.',
  );
}

function formatFlag(flags: FlagValues): FormatName | undefined {
  const name = textFlag(flags, 'from');
  if (name === undefined || isFormatName(name)) return name;
  throw new UsageError(
    `--from ${name} is none of ${formatNames.join(', ')}${didYouMean(name, formatNames)}: name one of them, or leave it out.`,
  );
}

async function openFile(path: string): Promise<TextStream> {
  try {
    const text = await openTextStream(path);
    if (text.ok) return text;
    const orPiped = text.what === 'a folder' ? '' : ', or pipe it in: orchestrator import -';
    throw new OrchestratorError(
      'unreadable',
      `${path} is ${text.what}: name a file of records${orPiped}.`,
    );
  } catch (error) {
    if (error instanceof OrchestratorError) throw error;
    throw hasCode(error, 'ENOENT')
      ? new OrchestratorError('missing', `${path} does not exist: check the path.`, {
          cause: error,
        })
      : new OrchestratorError(
          'unreadable',
          `${path} cannot be read (${messageOf(error)}): check that it is a readable file.`,
          { cause: error },
        );
  }
}

/** What is no text of records, by its first bytes, with what to do about it. */
const otherFiles: readonly (readonly [bytes: string, what: string, remedy: string])[] = [
  [
    'PK\u0003\u0004',
    'an archive',
    'save a sheet as CSV UTF-8, and write an .eval log as JSON with inspect log convert --to json',
  ],
  ['\u001F\u008B', 'compressed', 'unpack it as it is read: gunzip -c FILE | orchestrator import -'],
  [
    '(\u00B5/\u00FD',
    'compressed',
    'unpack it as it is read: zstd -dc FILE | orchestrator import -',
  ],
  ['BZh', 'compressed', 'unpack it as it is read: bzip2 -dc FILE | orchestrator import -'],
  ['\u00FD7zXZ', 'compressed', 'unpack it as it is read: xz -dc FILE | orchestrator import -'],
  ['PAR1', 'Parquet', 'write it as CSV or JSON Lines'],
  ['\u00D0\u00CF\u0011\u00E0', 'a workbook', 'save its sheet as CSV UTF-8'],
];

function detected({ beginning }: TextStream, file: string): FormatName {
  const [, what, remedy] =
    otherFiles.find(([bytes]) => beginning.toString('latin1', 0, bytes.length) === bytes) ?? [];
  if (what !== undefined) {
    throw new OrchestratorError('invalid', `${file} is ${what}: ${remedy}.`);
  }
  if (beginning.toString('latin1').trim() === '' && beginning.length < 1000) {
    throw new OrchestratorError(
      'invalid',
      file === '-'
        ? 'What is piped in is empty: pipe in records, as in cat FILE | orchestrator import -.'
        : `${file} is empty: name a file of records.`,
    );
  }
  const format = detectFormat(beginning, new TextDecoder(encodingOf(beginning)).decode(beginning));
  if (format !== undefined) return format;
  const list = formatNames.map((name) => `${name} (${formats[name]})`).join(', ');
  throw new OrchestratorError(
    'unknown-format',
    `${file === '-' ? 'What is piped in' : file} does not look like any of ${list}: say which it is with --from.`,
  );
}

function share({ size, bytesRead }: TextStream): number {
  return size === undefined || size === 0 ? 0 : Math.min(1, bytesRead() / size);
}

async function readText(
  text: TextStream,
  format: Exclude<FormatName, 'original'>,
  { flags, context, loader }: { flags: FlagValues; context: CommandContext; loader: Loader },
): Promise<void> {
  const { take, pause } = loader;
  await readRecords(text, format, {
    context: await formatContext(flags, format, context),
    take,
    pause,
  });
}

async function formatContext(
  flags: FlagValues,
  format: FormatName,
  context: CommandContext,
): Promise<FormatContext> {
  const named = defined({ taskType: textFlag(flags, 'taskType'), score: textFlag(flags, 'score') });
  const now = context.clock();
  // Of these, every record says what it cost.
  if (format === 'own' || format === 'csv') return { now, ...named, priceOf: () => undefined };
  const { createPriceLookup } = await import('../../providers/index.ts');
  const configuration = await configurationFor(flags, context);
  const lookUp = await createPriceLookup(configuration.providers, context.clock);
  return {
    now,
    ...named,
    priceOf: ({ provider, model, tokens: { input = 0, cached = 0, written = 0, output = 0 } }) =>
      lookUp(
        { model, ...defined({ provider }) },
        {
          inputTokens: input,
          cachedInputTokens: cached,
          cacheWriteTokens: written,
          outputTokens: output,
        },
      ),
  };
}

/** Another history: its facts are lines of our own already. */
async function readHistory(
  file: string,
  database: string,
  { take, pause }: Loader,
  now: number,
): Promise<void> {
  if (file === '-') {
    throw new UsageError('A database cannot be piped in: name its file.');
  }
  if (realPathOf(file) === realPathOf(database)) {
    throw new UsageError(
      `${file} is the history that would be imported into: name another with --db.`,
    );
  }
  const facts = await openFacts(file);
  try {
    let read = 0;
    for await (const page of facts.pages(factKinds)) {
      for (const { kind, sourceId, fields } of page) {
        read += 1;
        take(read, () => [ownRecord({ ...fields, kind, sourceId }, '', now)]);
      }
      if (!(await pause())) return;
    }
  } finally {
    await facts.close();
  }
}

/** So that the next command need not: sums of days long past are made anew where rows came late. */
async function sumUp(importer: Importer, signal: AbortSignal, onStep: () => void): Promise<void> {
  while (!signal.aborted && (await importer.sumUp())) {
    onStep();
    await turn();
  }
}
