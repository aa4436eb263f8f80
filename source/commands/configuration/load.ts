import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import {
  defaultRoutingSettings,
  openPolicy,
  type Policy,
  type RoutingSettings,
} from '../../domain/policy.ts';
import { hasCode } from '../../files/error-code.ts';
import type { ProvidersSettings } from '../../providers/index.ts';
import { configurationSchema, withoutEmpty } from './schema.ts';
import { readYaml } from './yaml-document.ts';

/** What the user configured, with the defaults for everything else. */
export type Configuration = {
  /** The file it comes from; absent where there is none. */
  file?: string;
  providers: ProvidersSettings;
  routing: RoutingSettings;
  policy: Policy;
};

/**
 * Reads the file that is named, else `orchestrator.yaml` in the working directory, else
 * `~/.config/orchestrator/config.yaml`; without any of them everything is default. Rejects with an
 * {@link OrchestratorError} with code `configuration`.
 */
export async function loadConfiguration(options: {
  /** The file that `--config` names. */
  path?: string;
  workingDirectory: string;
  homeDirectory?: string;
}): Promise<Configuration> {
  const { path, workingDirectory, homeDirectory = homedir() } = options;
  if (path !== undefined) {
    const text = await readIfPresent(resolve(workingDirectory, path), path);
    if (text === undefined) {
      throw new OrchestratorError(
        'configuration',
        `There is no file ${path}: name an existing one with --config, or leave it out.`,
      );
    }
    return parseConfiguration(text, path);
  }
  const places = [
    { file: join(workingDirectory, 'orchestrator.yaml'), name: 'orchestrator.yaml' },
    {
      file: join(homeDirectory, '.config', 'orchestrator', 'config.yaml'),
      name: '~/.config/orchestrator/config.yaml',
    },
  ];
  for (const { file, name } of places) {
    const text = await readIfPresent(file, name);
    if (text !== undefined) return parseConfiguration(text, name);
  }
  return parseConfiguration('');
}

/** Throws an {@link OrchestratorError} with code `configuration`, naming line and column. */
export function parseConfiguration(text: string, file?: string): Configuration {
  const { providers, models, catalogue, routing, policy } = readYaml({
    text,
    file: file ?? 'configuration',
    schema: configurationSchema,
    code: 'configuration',
  });
  return {
    ...(file === undefined ? {} : { file }),
    providers: {
      providers: withoutEmpty(providers ?? {}),
      models: models ?? [],
      catalogue: catalogue ?? true,
    },
    routing: routing ?? defaultRoutingSettings,
    policy: policy ?? openPolicy,
  };
}

async function readIfPresent(file: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new OrchestratorError(
      'configuration',
      `${name} cannot be read (${messageOf(error)}): make it a file that you may read, or name another with --config.`,
      { cause: error },
    );
  }
}
