import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { applyPatch } from 'diff';
import { transform, type Plugin } from 'esbuild';

const source = fileURLToPath(new URL('../source/', import.meta.url));
const folder = new URL('patches/', import.meta.url);

/** A library's file, as its path below `node_modules` ends, with what is changed of it. */
type LibraryPatch = { file: string; diff: string };

const patches: readonly LibraryPatch[] = readdirSync(folder)
  .filter((name) => name.endsWith('.patch'))
  .map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    // What stands above the diff says why it is made, what it gains, and what to ask of the library.
    const diff = text.slice(text.indexOf('--- node_modules/'));
    const file = /^--- node_modules\/(\S+)$/m.exec(diff)?.[1];
    if (file === undefined) throw new Error(`${name} names no file of a library.`);
    return { file, diff };
  });

/**
 * The code of a library's file with its patch, or as it is where there is none. Throws where the patch
 * does not fit to the letter: a new version of a library must not be changed wrongly.
 */
export function patchedLibrary(path: string, code: string): string {
  const patch = patches.find(({ file }) =>
    path.replaceAll('\\', '/').endsWith(`node_modules/${file}`),
  );
  if (patch === undefined) return code;
  const patched = applyPatch(code, patch.diff, { fuzzFactor: 0 });
  if (patched === false) throw new Error(`The patch of ${patch.file} does not fit this version.`);
  return patched;
}

/** Applies `scripts/patches` as the libraries are bundled; what is installed stays as it is. */
export const patchLibraries: Plugin = {
  name: 'patch-libraries',
  setup(esbuild) {
    // Of the languages of zod's messages only the one that is spoken here.
    esbuild.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
    // As small as can be: nobody reads a stack for their lines. Ours stay as they are written.
    esbuild.onLoad({ filter: /node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const code = patchedLibrary(path, await readFile(path, 'utf8'));
      const slim = { minify: true, legalComments: 'none' } as const;
      return { contents: (await transform(code, slim)).code, loader: 'js' };
    });
    // A patched file asks for sources of ours by this name, wherever it is installed.
    esbuild.onResolve({ filter: /^orchestrator\// }, ({ path }) => ({
      path: `${source}${path.slice('orchestrator/'.length)}`,
    }));
    // Ink's development tools are not part of the product.
    esbuild.onResolve({ filter: /^react-devtools-core$/ }, ({ path }) => ({
      path,
      namespace: 'absent',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'export default {}',
    }));
  },
};
