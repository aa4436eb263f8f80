import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { defaultRoutingSettings, openPolicy } from '../../domain/policy.ts';
import { defaultSupervision, openRoles } from '../../domain/supervision.ts';
import type { Configuration, Untrusted } from './configuration.ts';
import {
  findConfigurationFile,
  type ConfigurationFile,
  type ConfigurationPlaces,
} from './find-file.ts';
import { configurationFolder } from './places.ts';
import { configurationSchema, withoutEmpty, type ConfigurationContent } from './schema.ts';
import { concernsOf, withoutConcerns, type TrustConcern } from './trust-concerns.ts';
import { hashOf, openTrustStore } from './trust-store.ts';
import { leftOutSentence, untrustedSentence, type Distrust } from './trust-sentences.ts';
import { unknownModels } from './unknown-models.ts';
import { readYaml } from './yaml-document.ts';

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
    path?: string;
  },
): Promise<Configuration> {
  const file = findConfigurationFile(options);
  if (file === undefined) return configurationOf({});
  const content = parseConfiguration(file.text, file.name);
  const distrust = distrustOf(file, options);
  const concerns = distrust === undefined ? [] : concernsOf(content);
  return {
    file: file.name,
    ...configurationOf(withoutConcerns(content, concerns)),
    ...(distrust === undefined || concerns.length === 0
      ? {}
      : { untrusted: untrustedOf(file, distrust, concerns) }),
  };
}

/** @throws OrchestratorError `untrusted`, where the configuration says something that nobody trusts. */
export function requireTrust({ untrusted }: Configuration): void {
  if (untrusted !== undefined) throw untrusted.error;
}

/** Throws an {@link OrchestratorError} with code `configuration`, naming line and column. */
export function parseConfiguration(text: string, file: string): ConfigurationContent {
  return readYaml({ text, file, schema: configurationSchema, code: 'configuration' });
}

function configurationOf(content: ConfigurationContent): Configuration {
  const { models, catalogue, routing, roles, supervision, budget } = content;
  const providers = {
    providers: withoutEmpty(content.providers ?? {}),
    models: models ?? [],
    catalogue: catalogue ?? true,
  };
  const policy = content.policy ?? openPolicy;
  const warnings = unknownModels(policy, roles ?? openRoles, providers);
  return {
    providers,
    routing: routing ?? defaultRoutingSettings,
    policy,
    roles: roles ?? openRoles,
    supervision: supervision ?? defaultSupervision,
    ...defined({ history: content.history, monthBudgetUsd: budget?.month }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** Undefined for a file that the user named, keeps among their own, or has trusted as it is. */
function distrustOf(
  { distrust, realPath, bytes }: ConfigurationFile,
  { environment, homeDirectory }: ConfigurationPlaces,
): Distrust | undefined {
  if (distrust === undefined || environment['ORCHESTRATOR_TRUST'] === '1') return undefined;
  const known = openTrustStore(configurationFolder(environment, homeDirectory).path).find(realPath);
  if (known?.sha256 === hashOf(bytes)) return undefined;
  return known === undefined ? distrust : 'changed';
}

function untrustedOf(
  { name }: ConfigurationFile,
  distrust: Distrust,
  concerns: readonly TrustConcern[],
): Untrusted {
  return {
    notice: leftOutSentence(name, distrust, concerns),
    error: new OrchestratorError('untrusted', untrustedSentence(name, distrust, concerns)),
  };
}
