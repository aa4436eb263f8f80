export type { Configuration } from './configuration.ts';
export { loadConfiguration, requireTrust } from './load.ts';
export { findConfigurationFile } from './find-file.ts';
export { descriptionOf } from './json-schema.ts';
export { configurationFolder, localName } from './places.ts';
export { concernsOf, describeConcern, type TrustConcern } from './trust-concerns.ts';
export { hashOf, openTrustStore, type TrustRecord } from './trust-store.ts';
export { parseConfiguration } from './schema.ts';
export { readYaml } from './yaml-document.ts';
