import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { daySeconds } from '../../domain/durations.ts';
import { OrchestratorError, UsageError } from '../../domain/errors.ts';
import { userPath } from '../../files/user-path.ts';
import { formatAge, formatCount, formatPlural } from '../../dashboard/format/index.ts';
import { waitingRecords } from '../../telemetry/index.ts';
import {
  dropBefore,
  historyScript,
  makeHistory,
  repairHistory,
  serverStatus,
  type ServerStatus,
  sumUpAll,
} from '../../telemetry/postgres/administration.ts';
import { copyToFile, pushFile } from '../../telemetry/transfer/push.ts';
import { checkServer } from '../../telemetry/postgres/check.ts';
import { checkSums } from '../../telemetry/postgres/check-sums.ts';
import type { Connector } from '../../telemetry/postgres/connector.ts';
import { numberFlag, switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { CommandContext, FlagValues } from '../command-line/specification.ts';
import type { CachePaths } from '../shared/cache-paths.ts';

type Input = {
  connector: Connector;
  /** What was written after the action. */
  given: string | undefined;
  flags: FlagValues;
  context: CommandContext;
  paths: CachePaths;
  onProgress: (what: string) => void;
};
type Done = { text: string; json: unknown; failed?: boolean };

export type Action = {
  /** The name of what may follow it. */
  takes?: string;
  run: (input: Input) => Promise<Done>;
};

/** What can be done with a history on a server. */
export const actions: Record<string, Action> = {
  status: { run: status },
  init: { run: init },
  push: { takes: 'FILE', run: push },
  copy: { run: copy },
  check: { run: check },
  repair: { run: repair },
  'drop-before': { takes: 'DATE', run: drop },
};

async function status({ connector, paths }: Input): Promise<Done> {
  const found = await serverStatus(connector);
  const { label } = connector.address;
  const waiting = waitingRecords(paths.database).length;
  const json = { server: label, ...found, waitingFiles: waiting };
  if (found.version === undefined) {
    return {
      text: `${label} has no history yet: make one with orchestrator history init.\n`,
      json,
    };
  }
  return { text: statusText(label, found, waiting), json };
}

function statusText(label: string, found: ServerStatus, waiting: number): string {
  const rows = Object.entries(found.rows).map(
    ([table, count]) => `${formatCount(count)} ${table.replaceAll('_', ' ')}`,
  );
  const sums =
    found.sumsAge === undefined
      ? 'none yet; they are made as soon as anybody writes'
      : `${formatAge(found.sumsAge)} old, ${formatPlural(found.unsummedBatches, 'batch', 'batches')} behind, ${formatPlural(found.openRuns, 'run')} open`;
  const lines: [string, string][] = [
    ['server', label],
    ['version', `${found.version} (this program writes ${found.currentVersion})`],
    ['installation', found.installation ?? ''],
    ['rows', rows.join(', ')],
    ['size', `${formatCount(Math.ceil(found.bytes / 1e6))} MB with sums and indexes`],
    ['sums', sums],
    ['waiting here', waiting === 0 ? 'nothing' : formatPlural(waiting, 'file')],
  ];
  return lines.map(([name, value]) => `${name.padEnd(14)}${value}\n`).join('');
}

async function init({ connector, flags }: Input): Promise<Done> {
  const { schema, label } = connector.address;
  if (switchFlag(flags, 'print')) {
    const script = historyScript(schema);
    return { text: script, json: { script } };
  }
  const done = await makeHistory(connector);
  const said = {
    made: 'has a history now. Let people and machines in with GRANT orchestrator_writer TO name; who only looks needs orchestrator_reader.',
    'brought forward': 'was of an earlier version and is of this one now; nothing in it changed.',
    'was there': 'has its history already; the rights on it were given anew.',
  };
  const text = `${label} ${said[done]}\n`;
  return { text, json: { done } };
}

async function push({ connector, given, context, paths, onProgress }: Input): Promise<Done> {
  const file =
    given === undefined
      ? join(paths.cache, 'telemetry.db')
      : userPath(given, context.workingDirectory);
  if (!existsSync(file)) {
    throw new OrchestratorError('missing', `There is no file ${file}: name the history to push.`);
  }
  // A push goes where the runs of this machine do, never into another organisation's history by mistake.
  await connector.use((session) =>
    checkServer(session, connector.address, context.environment, 'writing'),
  );
  const { rows, known } = await pushFile(connector, file, (count) =>
    onProgress(`${formatCount(count)} rows pushed`),
  );
  await sumUpAll(connector, { now: context.clock, onStep: () => onProgress('summing up') });
  const text = `${formatPlural(rows, 'row')} of ${file} pushed, ${formatCount(known)} were there already.\n`;
  return { text, json: { file, rows, known } };
}

async function copy({ connector, flags, context, onProgress }: Input): Promise<Done> {
  const to = textFlag(flags, 'to');
  if (to === undefined) throw new UsageError('orchestrator history copy needs --to FILE.');
  const file = userPath(to, context.workingDirectory);
  const days = numberFlag(flags, 'days', { min: 1, max: 36_500, whole: true }) ?? 90;
  const from = context.clock() - days * daySeconds;
  const rows = await copyToFile(connector, {
    file,
    from,
    onRows: (count) => onProgress(`${formatCount(count)} rows copied`),
  });
  return {
    text: `${formatPlural(rows, 'row')} of the last ${formatPlural(days, 'day')} copied to ${file}.\n`,
    json: { file, days, rows },
  };
}

async function check({ connector, flags, onProgress }: Input): Promise<Done> {
  const only = textFlag(flags, 'day');
  const wrong: string[] = [];
  let days = 0;
  let rows = 0;
  for await (const checked of checkSums(connector, only === undefined ? undefined : dateOf(only))) {
    days += 1;
    rows += checked.rows;
    if (!checked.isRight) wrong.push(new Date(checked.day * 1000).toISOString().slice(0, 10));
    onProgress(`${formatPlural(days, 'day')} checked`);
  }
  const checkedText = `${formatPlural(days, 'day')} of ${formatPlural(rows, 'row')}`;
  const text =
    wrong.length === 0
      ? `The sums are what the rows say: ${checkedText} checked.\n`
      : `The sums of ${wrong.join(', ')} are not what the rows say (${checkedText} checked): make them anew with orchestrator history repair.\n`;
  return { text, json: { days, rows, wrong }, failed: wrong.length > 0 };
}

async function repair({ connector, context, onProgress }: Input): Promise<Done> {
  const moved = await repairHistory(connector, {
    now: context.clock,
    onStep: () => onProgress('summing up'),
  });
  const what =
    moved > 0
      ? 'It was restored from a copy, which is set right now; its'
      : 'Nothing was restored; its';
  return {
    text: `${what} sums were made anew from the rows.\n`,
    json: { restored: moved > 0 },
  };
}

async function drop({ connector, given, flags, context }: Input): Promise<Done> {
  if (given === undefined) {
    throw new UsageError('orchestrator history drop-before needs a DATE, such as 2026-01-01.');
  }
  const before = dateOf(given);
  if (before > context.clock() - daySeconds) {
    throw new UsageError(`${given} is not over yet: give a date that lies in the past.`);
  }
  const isDryRun = !switchFlag(flags, 'yes');
  // What is not summed up yet would be gone from the sums, too.
  await sumUpAll(connector, { now: context.clock, onStep: () => undefined });
  const dropped = await dropBefore(connector, before, { isDryRun });
  const parts = [...dropped.partitions, `${formatPlural(dropped.others, 'row')} of no month`].join(
    ', ',
  );
  const text = isDryRun
    ? `This would drop ${parts}; the sums would stay. Do it with --yes, and take a copy first with orchestrator history copy.\n`
    : `Dropped ${parts}; the sums stay.\n`;
  return { text, json: { ...dropped, done: !isDryRun } };
}

/** The beginning of a UTC day. */
function dateOf(text: string): number {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) / 1000 : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw new UsageError(`${JSON.stringify(text)} is no date: write it as 2026-01-31.`);
}
