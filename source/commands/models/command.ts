import { exitCodes } from '../../domain/errors.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { cachePaths } from '../shared/cache-paths.ts';
import { readAgreements, readStore, requireDatabase } from '../shared/history-of.ts';
import { runModels } from './run-models.ts';
import { printJsonLines, printText } from '../../dashboard/output/print.ts';

/** `orchestrator models`: what can be called, what it costs, and what history says of it. */
export const command: Command = async ({ flags, context }) => {
  const { clock, environment, stdout, stderr } = context;
  const named = textFlag(flags, 'db');
  const { database } = cachePaths(environment, named);
  if (named !== undefined) requireDatabase(database);
  const { providers, untrusted, warnings = [] } = await configurationFor(flags, context);
  const json = switchFlag(flags, 'json');
  const text = await runModels({
    settings: providers,
    environment,
    clock,
    rankings: (days) => readStore(database, (store) => store.modelRankings(days)),
    agreements: () => readAgreements(database),
    json,
    width: stdout.isTTY ? stdout.columns : undefined,
  });
  for (const warning of warnings) printText(stderr, `${warning}\n`);
  if (untrusted !== undefined) printText(stderr, `${untrusted.notice}\n`);
  (json ? printJsonLines : printText)(stdout, text);
  return exitCodes.done;
};
