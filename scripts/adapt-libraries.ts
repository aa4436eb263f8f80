import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { plainCharacters } from '../source/dashboard/text/plain-characters.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * ink-table is CommonJS and `require`s Ink, which is an ES module with top-level await; as imports
 * the same lines work. Ink's development tools are not part of the product.
 */
export const adaptLibraries: Plugin = {
  name: 'adapt-libraries',
  setup(esbuild) {
    esbuild.onLoad({ filter: /ink-table[\\/]dist[\\/]index\.js$/ }, async ({ path }) => ({
      contents: rewriteRequiresAsImports(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    esbuild.onLoad({ filter: /ink[\\/]build[\\/]output\.js$/ }, async ({ path }) => ({
      contents: putTextsSideBySide(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    esbuild.onLoad({ filter: /ink[\\/]build[\\/]sanitize-ansi\.js$/ }, async ({ path }) => ({
      contents: passPlainText(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    esbuild.onLoad({ filter: /ink[\\/]build[\\/]line-update\.js$/ }, async ({ path }) => ({
      contents: compareLinesPlainly(await readFile(path, 'utf8')),
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
      contents: leaveOutPackages(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    esbuild.onLoad({ filter: /node_modules[\\/]signal-exit[\\/]index\.js$/ }, async ({ path }) => ({
      contents: withoutAssertions(await readFile(path, 'utf8')),
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

/**
 * Turns ink-table's `require` lines into imports; also used by the test runner. A row's hash is only its
 * key, for which its JSON does as well, without loading Node's cryptography.
 */
export function rewriteRequiresAsImports(code: string): string {
  const imports = [
    "import reactModule from 'react';",
    "import * as inkModule from 'ink';",
    'const hashModule = { sha1: (row) => JSON.stringify(row) };',
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

function replaceEach(code: string, changes: readonly [from: string, to: string][]): string {
  return changes.reduce((text, [from, to]) => replaceOnce(text, from, to), code);
}

/** Yoga's code is a data URL; asking `fetch` for it would load Node's whole HTTP client at every start. */
function decodeWithoutFetch(code: string): string {
  return replaceOnce(code, 'return w||"function"!=typeof fetch?', 'return true?');
}

/**
 * Ink makes every frame a grid of cells, with styles of their own, out of texts that it takes apart first;
 * the screens' texts lie side by side, and then the rows are the texts. Where one lies over another,
 * Ink's way is gone, and what its lines consist of is kept between frames.
 */
function putTextsSideBySide(code: string): string {
  const direct = `
import { createDirectFrames } from ${JSON.stringify(`${root}source/dashboard/terminal/direct-frame.ts`)};
const directFrame = createDirectFrames((line) => {
  const characters = cachesOfFrame().getStyledChars(line);
  return {
    text: styledCharsToString(characters),
    width: characters.reduce((sum, { value }) => sum + Math.max(1, stringWidth(value)), 0),
  };
});
let keptCaches = new OutputCaches();
function cachesOfFrame() {
  if (keptCaches.styledChars.size + keptCaches.widths.size > 4096) keptCaches = new OutputCaches();
  return keptCaches;
}
`;
  const attempt = `get() {
        const frame = directFrame(this.operations, this);
        if (frame !== undefined) return { output: frame, height: this.height };
`;
  return (
    replaceOnce(
      replaceOnce(code, 'caches = new OutputCaches();', 'caches = cachesOfFrame();'),
      'get() {',
      attempt,
    ) + direct
  );
}

/** Ink takes every text apart, several times a frame, to leave out what the screens' texts do not have. */
function passPlainText(code: string): string {
  const isPlain = String.raw`/^[${plainCharacters}\n]*(?:\u001B\[[\d;]*m[${plainCharacters}\n]*)*$/`;
  return replaceOnce(
    code,
    'const sanitizeAnsi = (text) => {',
    `const isPlain = ${isPlain};
const sanitizeAnsi = (text) => {
    if (isPlain.test(text)) return text;`,
  );
}

/** Ink segments whatever of a changed line is not ASCII, frames and bars among it. */
function compareLinesPlainly(code: string): string {
  const changes: [from: string, to: string][] = [
    ['/^[ -~]*$/u', `/^[${plainCharacters}]*$/`],
    [
      "const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });",
      'let segmenter;',
    ],
    [
      'segmenter.segment(previousText)',
      '(segmenter ??= new Intl.Segmenter()).segment(previousText)',
    ],
  ];
  return replaceEach(code, changes);
}

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
  return replaceEach(code, changes) + remembering;
}

/** signal-exit asserts that it is given a function, as Ink gives it; that alone would load `assert`. */
function withoutAssertions(code: string): string {
  return replaceOnce(code, "require('assert')", '{ equal() {} }');
}

/**
 * Most of meow reads and checks package.json files, at the price of a tenth of a start; this program
 * hands it what it needs of its own.
 */
function leaveOutPackages(code: string): string {
  return replaceEach(code, [
    ['var libExports = requireLib$1();', ''],
    ['libExports.codeFrameColumns(input, {start: location}, {highlightCode})', 'undefined'],
    ['var normalizeExports = requireNormalize();', ''],
    [
      'const normalizePackageData = getDefaultExportFromCjs(normalizeExports);',
      'const normalizePackageData = (data) => data;',
    ],
    ["import { execFile } from 'node:child_process';", ''],
    ['promisify(execFile);', ''],
  ]);
}
