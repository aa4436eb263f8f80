import { defined } from '../domain/defined.ts';
import { OrchestratorError } from '../domain/errors.ts';
import { ownValue } from '../domain/own-value.ts';
import { adapterOf, type Adapter } from './adapters.ts';
import { readAddress, type Address } from './address.ts';
import type { ProviderKind, ProviderSettings } from './settings.ts';

type Preset = {
  kind: ProviderKind;
  baseUrl?: string;
  keyVariables?: readonly string[];
  jsonMode?: boolean;
  pricesId?: string;
};

/** Providers known by name: used when a key of theirs is set, without any configuration. */
export const presets: Readonly<Record<string, Preset>> = {
  openai: { kind: 'openai' },
  anthropic: { kind: 'anthropic' },
  google: { kind: 'google' },
  deepseek: { kind: 'deepseek' },
  moonshot: { kind: 'moonshot' },
  zhipu: {
    kind: 'openai-compatible',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    keyVariables: ['ZHIPU_API_KEY', 'ZAI_API_KEY'],
    jsonMode: true,
    pricesId: 'zai',
  },
  minimax: {
    kind: 'openai-compatible',
    baseUrl: 'https://api.minimax.io/v1',
    keyVariables: ['MINIMAX_API_KEY'],
    pricesId: 'minimax',
  },
};

/** The environment, as far as keys are concerned. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A provider with everything settled: configuration over preset over adapter. */
export type ResolvedProvider = {
  name: string;
  kind: ProviderKind;
  adapter: Adapter;
  /** As it was set; absent: the provider's own. */
  baseUrl?: string;
  address: Address;
  /** What to change where the address is wrong, for messages. */
  addressSetting: string;
  jsonMode: boolean;
  pricesId?: string;
  /** None: it needs no key. */
  keyVariables: readonly string[];
  apiKey?: string;
  /** The variable that the key was found in. */
  keyVariable?: string;
};

/** Whether a provider of this name can be resolved at all. */
export function isKnownProvider(
  name: string,
  configured: Readonly<Record<string, ProviderSettings>>,
): boolean {
  return Object.hasOwn(configured, name) || Object.hasOwn(presets, name);
}

/** Throws an {@link OrchestratorError} with code `bad-configuration`, naming the field to add. */
export function resolveProvider(
  name: string,
  settings: ProviderSettings,
  environment: Environment,
): ResolvedProvider {
  const preset = ownValue(presets, name);
  const kind = settings.kind ?? preset?.kind;
  if (kind === undefined) {
    throw new OrchestratorError(
      'bad-configuration',
      `Provider ${name} has no kind: add "kind: openai-compatible" or another kind to providers.${name}.`,
    );
  }
  const adapter = adapterOf(kind);
  // A name that is put to another use keeps nothing of its preset.
  const same = preset?.kind === kind ? preset : undefined;
  const keyVariables =
    settings.apiKeyEnv === undefined
      ? (same?.keyVariables ?? adapter.keyVariables)
      : [settings.apiKeyEnv];
  const keyVariable = keyVariables.find((variable) => (environment[variable] ?? '').trim() !== '');
  const apiKey = keyVariable === undefined ? undefined : environment[keyVariable]?.trim();
  const pricesId = same?.pricesId ?? adapter.pricesId;
  const hasKey = apiKey !== undefined || keyVariables.length === 0;
  const { baseUrl, ...place } = placeOf({
    name,
    adapter,
    kind,
    configured: settings.baseUrl ?? same?.baseUrl,
    // Nobody asks for a provider whose key is not there.
    variables: hasKey ? environment : {},
  });
  return {
    name,
    kind,
    adapter,
    ...place,
    jsonMode: settings.jsonMode ?? same?.jsonMode ?? adapter.jsonMode,
    keyVariables,
    ...defined({ baseUrl, pricesId, apiKey, keyVariable }),
  };
}

/** The variable in which a provider's own tools look for its address, where that is set. */
function addressVariable({ baseUrlVariable }: Adapter, variables: Environment) {
  const value = baseUrlVariable === undefined ? undefined : variables[baseUrlVariable]?.trim();
  return baseUrlVariable === undefined || value === undefined || value === ''
    ? undefined
    : { name: baseUrlVariable, value };
}

/** Where a provider is, by its settings, its variable, or its adapter, in this order. */
function placeOf(provider: {
  name: string;
  adapter: Adapter;
  kind: ProviderKind;
  configured: string | undefined;
  variables: Environment;
}): Pick<ResolvedProvider, 'address' | 'addressSetting' | 'baseUrl'> {
  const { name, adapter, kind, configured, variables } = provider;
  const variable = configured === undefined ? addressVariable(adapter, variables) : undefined;
  const baseUrl = configured ?? variable?.value;
  const text = baseUrl ?? adapter.baseUrl;
  if (text === undefined || text.trim() === '') {
    throw new OrchestratorError(
      'bad-configuration',
      `Provider ${name} has no address: add "baseUrl: http://127.0.0.1:11434/v1", or where it is, to providers.${name}.`,
    );
  }
  const addressSetting = variable?.name ?? `baseUrl of ${name} in the configuration`;
  const read = readAddress(text, kind);
  if ('problem' in read) {
    throw new OrchestratorError(
      'bad-configuration',
      `The address of provider ${name} ${read.problem}: correct ${addressSetting}.`,
    );
  }
  const { address } = read;
  return { address, addressSetting, ...defined({ baseUrl }) };
}

/** Whether it can be called: it has its key, or needs none. */
export function isUsable({ keyVariables, apiKey }: ResolvedProvider): boolean {
  return keyVariables.length === 0 || apiKey !== undefined;
}
