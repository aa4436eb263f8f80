import { chmod, readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * ink-table is CommonJS and `require`s Ink, which is an ES module with top-level await; as imports
 * the same lines work. Ink's development tools are not part of the product.
 */
const adaptInk: Plugin = {
  name: 'adapt-ink',
  setup(esbuild) {
    esbuild.onLoad({ filter: /ink-table[\\/]dist[\\/]index\.js$/ }, async ({ path }) => ({
      contents: rewriteRequiresAsImports(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    // Ink measures and takes apart every line of every frame; most are those of the frame before.
    esbuild.onLoad({ filter: /ink[\\/]build[\\/]output\.js$/ }, async ({ path }) => ({
      contents: keepLinesBetweenFrames(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    esbuild.onLoad(
      { filter: /node_modules[\\/]string-width[\\/]index\.js$/ },
      async ({ path }) => ({
        contents: rememberWidths(await readFile(path, 'utf8')),
        loader: 'js',
      }),
    );
    esbuild.onResolve({ filter: /^react-devtools-core$/ }, () => ({
      path: 'react-devtools-core',
      namespace: 'absent',
    }));
    esbuild.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'export default {}',
    }));
  },
};

/** Turns ink-table's three `require` lines into imports; also used by the test runner. */
export function rewriteRequiresAsImports(code: string): string {
  const imports = [
    "import reactModule from 'react';",
    "import * as inkModule from 'ink';",
    "import hashModule from 'object-hash';",
    'const exports = {};',
  ];
  const body = code
    .replace('require("react")', 'reactModule')
    .replace('require("ink")', 'inkModule')
    .replace('require("object-hash")', 'hashModule');
  return `${imports.join('\n')}\n${body}\nexport default exports.default;\n`;
}

/** Replaces what must be there exactly once: a new version of the library must not be adapted wrongly. */
function replaceOnce(code: string, from: string, to: string): string {
  if (code.split(from).length !== 2) throw new Error(`not found exactly once: ${from}`);
  return code.replace(from, () => to);
}

/** Ink's output forgets with every frame what its lines consist of; this keeps some thousand lines. */
function keepLinesBetweenFrames(code: string): string {
  const kept = `
let keptCaches = new OutputCaches();
function cachesOfFrame() {
  if (keptCaches.styledChars.size + keptCaches.widths.size > 4096) keptCaches = new OutputCaches();
  return keptCaches;
}
`;
  return replaceOnce(code, 'caches = new OutputCaches();', 'caches = cachesOfFrame();') + kept;
}

/** string-width segments every text that is not ASCII; frames repeat their lines. */
function rememberWidths(code: string): string {
  const remembering = `
const knownWidths = new Map();
export default function stringWidth(input, options) {
  if (options !== undefined || typeof input !== 'string') return measureWidth(input, options);
  let width = knownWidths.get(input);
  if (width === undefined) {
    width = measureWidth(input);
    if (knownWidths.size >= 4096) knownWidths.clear();
    knownWidths.set(input, width);
  }
  return width;
}
`;
  return (
    replaceOnce(code, 'export default function stringWidth(', 'function measureWidth(') +
    remembering
  );
}

const shared: BuildOptions = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  external: ['better-sqlite3'],
  plugins: [adaptInk],
  define: { 'process.env.NODE_ENV': '"production"' },
  minifySyntax: true,
  legalComments: 'linked',
  logLevel: 'warning',
};

// CommonJS dependencies inside the bundle still ask for Node's own modules with `require`.
const requireBanner = {
  js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
};

/** Bundles one program of the tests or benchmarks the way the product is bundled. */
export async function bundleProgram(entry: string, outfile: string): Promise<void> {
  const { outdir: _, ...options } = shared;
  await build({ ...options, entryPoints: [entry], outfile, banner: requireBanner });
}

/** Bundles the launcher, one lazily loaded entry per command, the telemetry worker and the library. */
export async function buildBundles(): Promise<void> {
  await rm(`${root}dist`, { recursive: true, force: true });
  await Promise.all([
    // The launcher must parse on any Node that knows ES modules, so that it can say what it needs.
    build({
      ...shared,
      target: 'node14.8',
      entryPoints: { cli: 'cli.tsx' },
      plugins: [
        {
          name: 'leave-main-apart',
          setup(esbuild) {
            esbuild.onResolve({ filter: /commands\/main\.ts$/ }, () => ({
              path: './main.js',
              external: true,
            }));
          },
        },
      ],
      banner: { js: '#!/usr/bin/env node' },
    }),
    build({
      ...shared,
      entryPoints: {
        main: 'source/commands/main.ts',
        index: 'source/index.ts',
        'telemetry-worker': 'source/telemetry/worker.ts',
      },
      splitting: true,
      chunkNames: '[name]-[hash]',
      banner: requireBanner,
    }),
  ]);
  await chmod(`${root}dist/cli.js`, 0o755);
}
