import { buildTypes } from './build-types.ts';
import { buildBundles } from './bundle.ts';

await buildBundles();
buildTypes();
