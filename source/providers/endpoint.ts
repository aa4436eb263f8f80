import { presets, resolveProvider, type ResolvedProvider } from './presets.ts';
import type { ProviderSettings } from './settings.ts';

/** Where requests to a provider go, and the variables of which the first that is set is sent as the key. */
export type Endpoint = Pick<ResolvedProvider, 'keyVariables'> & {
  /** Absent: the address that the provider's own library knows. */
  baseUrl?: string;
};

/** By the settings alone, whatever the environment holds. Throws as {@link resolveProvider} does. */
export function endpointOf(name: string, settings: ProviderSettings): Endpoint {
  const { baseUrl, address, keyVariables } = resolveProvider(name, settings, {});
  return { keyVariables, ...(baseUrl === undefined ? {} : { baseUrl: address.bases[0] }) };
}

/** Whether settings lead to a known provider's own address, with a key of that very provider. */
export function isPresetEndpoint(name: string, settings: ProviderSettings): boolean {
  const { kind, adapter, baseUrl, keyVariables } = resolveProvider(name, settings, {});
  const isKeyOf = (own: readonly string[] = []): boolean =>
    keyVariables.length > 0 && keyVariables.every((variable) => own.includes(variable));
  if (baseUrl === undefined) return isKeyOf(adapter.keyVariables);
  return Object.values(presets).some(
    (preset) => preset.kind === kind && preset.baseUrl === baseUrl && isKeyOf(preset.keyVariables),
  );
}
