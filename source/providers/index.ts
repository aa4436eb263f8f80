export { catalogue } from './catalogue.ts';
export { readAddress } from './address.ts';
export { connectProviders, priceLine, type ConnectedProviders } from './connect.ts';
export { endpointOf, isPresetEndpoint } from './endpoint.ts';
export { providerKeys, type ProviderKey } from './keys.ts';
export { listModels, type ModelListing } from './listing.ts';
export { createPriceLookup } from './price-lookup.ts';
export { isKnownProvider, presets, type Environment } from './presets.ts';
export {
  defaultProvidersSettings,
  type ProviderKind,
  type ProviderSettings,
  type ProvidersSettings,
  type TokenPrice,
} from './settings.ts';
export {
  startSimulator,
  storyDays,
  callsOf,
  type PastRun,
  type PastTask,
  type Simulator,
  type Turns,
} from './simulator/index.ts';
