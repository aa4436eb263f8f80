import { hash } from 'node:crypto';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { defaultRoutingSettings, openPolicy } from '../../domain/policy.ts';
import { defaultSupervision, openRoles } from '../../domain/supervision.ts';
import { type Configuration, type Untrusted, withoutEmpty } from './configuration.ts';
import { historyOf } from './history-of-file.ts';
import type { ConfigurationFile, ConfigurationPlaces } from './find-file.ts';
import { configurationFolder } from './places.ts';
import { parseConfiguration, type ConfigurationContent } from './schema.ts';
import { concernsOf, withoutConcerns, type TrustConcern } from './trust-concerns.ts';
import { openTrustStore } from './trust-store.ts';
import { leftOutSentence, untrustedSentence, type Distrust } from './trust-sentences.ts';
import { unknownModels } from './unknown-models.ts';

/** What a file says, but for what needs a trust that it has not. Throws as `loadConfiguration` rejects. */
export function configurationOfFile(
  file: ConfigurationFile,
  places: ConfigurationPlaces,
): Configuration {
  const content = parseConfiguration(file.text, file.name);
  const distrust = distrustOf(file, places);
  const concerns = distrust === undefined ? [] : concernsOf(content);
  return {
    file: file.name,
    ...configurationOf(withoutConcerns(content, concerns)),
    ...(distrust === undefined || concerns.length === 0
      ? {}
      : { untrusted: untrustedOf(file, distrust, concerns) }),
  };
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
    ...defined({ history: historyOf(content), monthBudgetUsd: budget?.month }),
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
  if (known?.sha256 === hash('sha256', bytes)) return undefined;
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
