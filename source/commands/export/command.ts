import { setImmediate as turn } from 'node:timers/promises';
import { printText } from '../../dashboard/output/print.ts';
import { type ExitCode, exitCodes, UsageError } from '../../domain/errors.ts';
import { userPath } from '../../files/user-path.ts';
import {
  factKinds,
  openFactRows,
  type FactKind,
  type FactRow,
} from '../../telemetry/transfer/index.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command, FlagValues } from '../command-line/specification.ts';
import { cachePaths, requireFile } from '../shared/cache-paths.ts';
import { loadHistory, requireDatabase } from '../shared/history-of.ts';
import { createProgress } from '../shared/progress.ts';
import { listenForStop } from '../shared/stop-signals.ts';
import { openOutput, type Output } from './output.ts';
import { writeParquet } from './parquet.ts';
import { prometheusText } from './prometheus.ts';
import { columnsFor, csvHeader, csvLine, jsonLine } from './text-formats.ts';

const formats = ['jsonl', 'csv', 'parquet', 'prometheus'] as const;
type Format = (typeof formats)[number];

/** Facts between two looks at the clock and at signals. */
const factsAtOnce = 5000;

/** `orchestrator export`: all that is known, for other programs. */
export const command: Command = async ({ flags, context }) => {
  const { clock, environment, stderr, stdout, workingDirectory } = context;
  const paths = cachePaths(environment, textFlag(flags, 'db'));
  const { database } = paths;
  const path = textFlag(flags, 'output');
  const format = formatOf(flags, path);
  const kinds = kindsOf(flags);
  if (format !== 'prometheus') requireFile(paths, 'export');
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
        ? await writeState(output, database, clock())
        : await writeFacts(output, { format, database, kinds }, async (share) => {
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
  }: { format: Exclude<Format, 'prometheus'>; database: string; kinds: readonly FactKind[] },
  onStep: (share: number) => Promise<boolean>,
): Promise<string> {
  const facts = openFactRows(database);
  try {
    const all = facts.count(kinds);
    let count = 0;
    const counted = function* (): Generator<FactRow> {
      for (const row of facts.rows(kinds)) {
        count += 1;
        yield row;
      }
    };
    const pause = (): Promise<boolean> => onStep(Math.min(1, count / Math.max(1, all)));
    if (format === 'parquet' && output.temporary !== undefined) {
      await writeParquet(output.temporary, counted(), kinds, pause);
    } else {
      const columns = columnsFor(kinds);
      if (format === 'csv') await output.write(csvHeader(columns));
      for (const row of counted()) {
        await output.write(format === 'csv' ? csvLine(row, columns) : jsonLine(row));
        if (count % factsAtOnce === 0 && !(await pause())) break;
      }
    }
    return `${count.toLocaleString('en-US')} fact${count === 1 ? '' : 's'}`;
  } finally {
    facts.close();
  }
}

async function writeState(output: Output, database: string, now: number): Promise<string> {
  const cells = await loadHistory(database);
  await output.write(prometheusText(cells, now));
  return `What is known of ${cells.length} (model, task type)${cells.length === 1 ? '' : 's'}`;
}
