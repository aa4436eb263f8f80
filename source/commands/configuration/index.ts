export { loadConfiguration, type Configuration } from './load.ts';
export { readYaml } from './yaml-document.ts';
