import { existsSync } from 'node:fs';
import { exitCodes } from '../../domain/errors.ts';
import type { ModelRanking } from '../../domain/insight.ts';
import { openTelemetryStore } from '../../telemetry/index.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { loadConfiguration } from '../configuration/index.ts';
import { cachePaths } from '../shared/cache-paths.ts';
import { requireDatabase } from '../shared/history-of.ts';
import { runModels } from './run-models.ts';

/** `orchestrator models`: what can be called, what it costs, and what history says of it. */
export const command: Command = async ({ flags, context }) => {
  const { clock, environment, stdout, workingDirectory } = context;
  const named = textFlag(flags, 'db');
  const { database } = cachePaths(environment, named);
  if (named !== undefined) requireDatabase(database);
  const configPath = textFlag(flags, 'config');
  const { providers } = await loadConfiguration({
    workingDirectory,
    ...(configPath === undefined ? {} : { path: configPath }),
  });
  const text = await runModels({
    settings: providers,
    environment,
    clock,
    rankings: (days) => rankingsOf(database, days),
    json: switchFlag(flags, 'json'),
  });
  stdout.write(text);
  return exitCodes.done;
};

async function rankingsOf(database: string, days: number): Promise<ModelRanking[]> {
  if (!existsSync(database)) return [];
  const store = openTelemetryStore({ path: database, readonly: true });
  try {
    return await store.modelRankings(days);
  } finally {
    await store.close();
  }
}
