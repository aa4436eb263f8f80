import process from 'node:process';
import { defined } from '../domain/defined.ts';
import type { Configuration } from '../commands/configuration/configuration.ts';

export type ConfigurationOptions = {
  /** The file; absent: `orchestrator.yaml` of the folder, else the user's own. */
  path?: string;
  /** Absent: the current one. */
  workingDirectory?: string;
  /** Absent: that of this process. */
  environment?: Readonly<Record<string, string | undefined>>;
};

/**
 * What the commands work with. What a file that was merely found says of addresses, keys and prices is left
 * out until somebody trusts it; `untrusted` says so. Rejects with an `OrchestratorError` with code
 * `configuration`.
 */
export async function loadConfiguration(
  options: ConfigurationOptions = {},
): Promise<Configuration> {
  const { path, workingDirectory = process.cwd(), environment = process.env } = options;
  const { loadConfiguration: load } = await import('../commands/configuration/index.ts');
  return load({ workingDirectory, environment: { ...environment }, ...defined({ path }) });
}
