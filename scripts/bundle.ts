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
    esbuild.onLoad({ filter: /meow[\\/]build[\\/]dependencies\.js$/ }, async ({ path }) => ({
      contents: sortPlainly(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    esbuild.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      contents: decodeWithoutFetch(await readFile(path, 'utf8')),
      loader: 'js',
    }));
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

/** Yoga's code is a data URL; asking `fetch` for it would load Node's whole HTTP client at every start. */
function decodeWithoutFetch(code: string): string {
  return replaceOnce(code, 'return w||"function"!=typeof fetch?', 'return true?');
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

/**
 * Characters of which every one takes one column by itself and joins with no other: what the screens are
 * drawn with. A test holds string-width to it.
 */
export const plainCharacters =
  '\\u0020-\\u007E\\u00A1-\\u00AC\\u00AE-\\u02FF\\u2010-\\u2027\\u2030-\\u205E\\u2190-\\u21FF\\u2200-\\u22FF\\u23CE\\u2500-\\u25FC\\u25FF\\u276F';

/** A pattern that is built when it is first asked. */
function lazily(name: string, pattern: string): [from: string, to: string] {
  return [
    `const ${name} = ${pattern};`,
    `let ${name}Built; const ${name} = {
    test: (text) => (${name}Built ??= ${pattern}).test(text),
    [Symbol.search]: (text) => (${name}Built ??= ${pattern})[Symbol.search](text),
  };`,
  ];
}

/**
 * string-width segments every text that is not ASCII, though frames repeat their lines, and builds its
 * patterns of all emoji at every start, though most screens show none.
 */
function rememberWidths(code: string): string {
  const remembering = `
const plain = /^[${plainCharacters}]*$/;
const colours = /\\u001B\\[[\\d;]*m/g;
const knownWidths = new Map();
export default function stringWidth(input, options) {
  if (options !== undefined || typeof input !== 'string') return measureWidth(input, options);
  let width = knownWidths.get(input);
  if (width === undefined) {
    const text = input.includes('\\u001B') ? input.replace(colours, '') : input;
    width = plain.test(text) ? text.length : measureWidth(input);
    if (knownWidths.size >= 4096) knownWidths.clear();
    knownWidths.set(input, width);
  }
  return width;
}
`;
  const changes: [from: string, to: string][] = [
    ['export default function stringWidth(', 'function measureWidth('],
    ['const segmenter = new Intl.Segmenter();', 'let segmenter;'],
    ['segmenter.segment(string)', '(segmenter ??= new Intl.Segmenter()).segment(string)'],
    lazily('rgiEmojiRegex', '/^\\p{RGI_Emoji}$/v'),
    lazily('spacingMarkRegex', '/\\p{Spacing_Mark}/v'),
    lazily(
      'visibleCharacterRegex',
      '/[^\\p{Default_Ignorable_Code_Point}\\p{Control}\\p{Format}\\p{Nonspacing_Mark}\\p{Enclosing_Mark}\\p{Surrogate}]/v',
    ),
  ];
  return changes.reduce((text, [from, to]) => replaceOnce(text, from, to), code) + remembering;
}

/** meow sorts the names of licences at every start; in plain order they need no collation data. */
function sortPlainly(code: string): string {
  return replaceOnce(
    code,
    'a[0].toUpperCase().localeCompare(b[0].toUpperCase())',
    '(a[0].toUpperCase() < b[0].toUpperCase() ? -1 : 1)',
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
  minifyWhitespace: true,
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
