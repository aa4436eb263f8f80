export type { Configuration } from './configuration.ts';
export { loadConfiguration, requireTrust } from './load.ts';
export { descriptionOf } from './json-schema.ts';
export { configurationFolder, localName } from './places.ts';
export { concernsOf, describeConcern, type TrustConcern } from './trust-concerns.ts';
export { openTrustStore, type TrustRecord } from './trust-store.ts';
export { parseConfiguration } from './schema.ts';
