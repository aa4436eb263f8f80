import { buildBundles } from '../../scripts/bundle.ts';

/** Tests that start the program run the bundle of the sources they sit beside. */
export default async function setup(): Promise<void> {
  await buildBundles();
}
