import { hash } from 'node:crypto';
import { closeSync, existsSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitCodes, messageOf, OrchestratorError } from '../../domain/errors.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';
import { hasCode } from '../../files/error-code.ts';
import { makeFolder } from '../../files/folder.ts';
import { providerKeys } from '../../providers/index.ts';
import { switchFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import {
  configurationFolder,
  localName,
  openTrustStore,
  parseConfiguration,
} from '../configuration/index.ts';
import { schemaFile } from '../shared/schema-file.ts';
import { configurationText } from './configuration-text.ts';
import { findServers, usualPlaces } from './find-servers.ts';

/** `orchestrator init`: writes a configuration for the keys and servers that are there, and trusts it. */
export const command: Command = async ({ flags, context }) => {
  const { environment, workingDirectory, clock, stdout } = context;
  const own = configurationFolder(environment);
  const name = switchFlag(flags, 'user') ? `${own.name}/config.yaml` : localName;
  const path = switchFlag(flags, 'user')
    ? join(own.path, 'config.yaml')
    : join(workingDirectory, localName);
  // Before any server is asked.
  if (existsSync(path)) throw isThere(name);
  const keys = providerKeys(environment).flatMap(({ provider, variable }) =>
    variable === undefined ? [] : [{ provider, variable }],
  );
  const servers = await findServers(usualPlaces(environment));
  const text = configurationText({ keys, servers, schema: pathToFileURL(schemaFile()).href });
  parseConfiguration(text, name);
  writeNew(path, text, name);
  const record = {
    path: realpathSync(path),
    sha256: hash('sha256', Buffer.from(text)),
    trustedAt: clock(),
  };
  openTrustStore(own.path).add(record);
  if (switchFlag(flags, 'json')) printJson(stdout, { path: record.path, keys, servers });
  else printText(stdout, summary(name, keys, servers));
  return exitCodes.done;
};

/** Never in the place of anything, be it a link to nowhere. */
function writeNew(path: string, text: string, name: string): void {
  try {
    makeFolder(dirname(path));
    const descriptor = openSync(path, 'wx', 0o644);
    try {
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw isThere(name);
    throw new OrchestratorError(
      'configuration',
      `${name} cannot be written (${messageOf(error)}): make its folder one that you may write to, or try --user.`,
      { cause: error },
    );
  }
}

function isThere(name: string): OrchestratorError {
  return new OrchestratorError(
    'configuration',
    `${name} is there already, and is left as it is: edit it, or move it away and try again.`,
  );
}

function summary(
  name: string,
  keys: readonly { provider: string; variable: string }[],
  servers: readonly { name: string; baseUrl: string; models: readonly string[] }[],
): string {
  const found = [
    ...keys.map(({ provider, variable }) => `  ${variable}: the models of ${provider}`),
    ...servers.map(
      ({ name, baseUrl, models }) =>
        `  ${name} at ${baseUrl}: models: ${models.join(', ') || 'none'}`,
    ),
  ];
  return [
    `Written and trusted: ${name}`,
    ...(found.length === 0
      ? ['Neither a key nor a server on this machine was found: set a key such as OPENAI_API_KEY.']
      : ['Found:', ...found]),
    'Next: orchestrator doctor, then orchestrator run.',
    '',
  ].join('\n');
}
