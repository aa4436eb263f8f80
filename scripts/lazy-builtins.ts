import { readFile } from 'node:fs/promises';
import { builtinModules, createRequire } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { z } from 'zod';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

/** Not wrapped: loaded by Node itself before any program, or called as functions. */
const eager = new Set(['events', 'stream', 'module', 'assert']);

/**
 * Node's own modules, each loaded when something of it is first used. An import would load it, and
 * everything that its properties reach, at every start: a screen would wait for cryptography, child
 * processes and much else that it may never need.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(esbuild) {
    esbuild.onResolve(
      { filter: /^(?:node:)?[a-z_\d/]+$/ },
      ({ path, importer, namespace, kind }) => {
        const name = path.replace(/^node:/, '');
        if (!builtinModules.includes(name) && !path.startsWith('node:')) return undefined;
        // One for each file that imports it, so that it needs no chunk of its own to be shared from.
        return {
          path: `${name} of ${relative(root, importer)}`,
          namespace: 'builtin',
          pluginData: { name, importer, namespace, kind },
        };
      },
    );
    // As CommonJS, which it is, it need not be searched for what it exports.
    esbuild.onResolve({ filter: /^better-sqlite3$/ }, ({ path }) => ({
      path,
      namespace: 'native',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'native' }, ({ path }) => ({
      contents: `const { createRequire } = process.getBuiltinModule('node:module');
export default createRequire(import.meta.url)(${JSON.stringify(path)});`,
      loader: 'js',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'builtin' }, async ({ pluginData }) => {
      const { name, importer, namespace, kind } = importOf.parse(pluginData);
      const text = namespace === 'file' ? await readFile(importer, 'utf8') : undefined;
      const contents = name === 'process' ? processFor(kind, text) : contentsOf(name, text);
      return { contents, loader: 'js' };
    });
  },
};

const importOf = z.object({
  name: z.string(),
  importer: z.string(),
  namespace: z.string(),
  kind: z.string(),
});

const namedImport = /import[^;'"]*\{[^}]*\}\s*from\s*['"](?:node:)?process['"]/;

/** There from the start, and too large to be wrapped for each file that asks for nothing but itself. */
function processFor(kind: string, importer: string | undefined): string {
  const isWhole =
    kind === 'import-statement' && importer !== undefined && !namedImport.test(importer);
  return isWhole ? 'export default globalThis.process;' : 'module.exports = globalThis.process;';
}

/** `importer` is the text of the file that imports it: what that never names it does not use. */
function contentsOf(name: string, importer: string | undefined): string {
  const load = `globalThis.process.getBuiltinModule(${JSON.stringify(`node:${name}`)})`;
  if (eager.has(name)) return `module.exports = ${load};`;
  const names = Object.keys(require(`node:${name}`)).filter(
    (each) => importer === undefined || importer.includes(each),
  );
  return `let loaded;
for (const name of ${JSON.stringify(names)}) {
  Object.defineProperty(module.exports, name, {
    enumerable: true,
    get: () => (loaded ??= ${load})[name],
  });
}`;
}
