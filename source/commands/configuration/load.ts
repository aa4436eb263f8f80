import { defaultRoutingSettings, openPolicy } from '../../domain/policy.ts';
import { defaultSupervision, openRoles } from '../../domain/supervision.ts';
import type { Configuration } from './configuration.ts';
import { findConfigurationFile, type ConfigurationPlaces } from './find-file.ts';

/**
 * Reads the file that is named, else `orchestrator.yaml` in the working directory, else the user's own
 * (`$XDG_CONFIG_HOME/orchestrator/config.yaml`); without any of them everything is default.
 *
 * A file that was merely found may be anybody's. What it says of where requests go, which variable is a
 * key, and what things cost, counts only for servers on this machine that get no key, until the user
 * trusts it. A command that sends requests asks {@link requireTrust} first.
 *
 * Rejects with an {@link OrchestratorError} with code `configuration`.
 */
export async function loadConfiguration(
  options: ConfigurationPlaces & {
    /** The file that `--config` names. */
    path?: string | undefined;
  },
): Promise<Configuration> {
  const file = findConfigurationFile(options);
  if (file === undefined) return unconfigured;
  // Its schema and YAML are much of what a command loads, and many have no file.
  const { configurationOfFile } = await import('./configuration-of-file.ts');
  return configurationOfFile(file, options);
}

const unconfigured: Configuration = {
  providers: { providers: {}, models: [], catalogue: true },
  routing: defaultRoutingSettings,
  policy: openPolicy,
  roles: openRoles,
  supervision: defaultSupervision,
};

/** @throws OrchestratorError `untrusted`, where the configuration says something that nobody trusts. */
export function requireTrust({ untrusted }: Configuration): void {
  if (untrusted !== undefined) throw untrusted.error;
}
