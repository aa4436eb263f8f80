import { builtinModules, createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

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
    esbuild.onResolve({ filter: /^(?:node:)?[a-z_\d/]+$/ }, ({ path }) => {
      const name = path.replace(/^node:/, '');
      return builtinModules.includes(name) || path.startsWith('node:')
        ? { path: name, namespace: 'builtin' }
        : undefined;
    });
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
    esbuild.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: contentsOf(name),
      loader: 'js',
    }));
  },
};

function contentsOf(name: string): string {
  if (name === 'process') return 'module.exports = globalThis.process;';
  const load = `globalThis.process.getBuiltinModule(${JSON.stringify(`node:${name}`)})`;
  if (eager.has(name)) return `module.exports = ${load};`;
  const names = Object.keys(require(`node:${name}`));
  return `let loaded;
for (const name of ${JSON.stringify(names)}) {
  Object.defineProperty(module.exports, name, {
    enumerable: true,
    get: () => (loaded ??= ${load})[name],
  });
}`;
}
