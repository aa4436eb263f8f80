import { defined } from '../domain/defined.ts';
import { presets, resolveProvider, type Environment } from './presets.ts';
import type { ProvidersSettings } from './settings.ts';

/** Whether a provider has its key; never the key. */
export type ProviderKey = {
  provider: string;
  /** The variables that may hold it; none: it needs no key. */
  variables: readonly string[];
  /** Null where none is needed. */
  present: boolean | null;
  /** The one that does. */
  variable?: string;
  /** Where its requests go. */
  address: string;
};

/** All providers that are built in or configured, with the variables of their keys. */
export function providerKeys(
  environment: Environment,
  configured: ProvidersSettings['providers'] = {},
): ProviderKey[] {
  const names = new Set([...Object.keys(presets), ...Object.keys(configured)]);
  return [...names].map((provider) => {
    const { keyVariables, keyVariable, address } = resolveProvider(
      provider,
      configured[provider] ?? {},
      environment,
    );
    return {
      provider,
      variables: keyVariables,
      present: keyVariables.length === 0 ? null : keyVariable !== undefined,
      address: address.bases[0],
      ...defined({ variable: keyVariable }),
    };
  });
}
