import { replaceEach, replaceOnce } from './replace.ts';

/** A pattern that is built when it is first asked. */
export function buildLater(name: string, pattern: string): [from: string, to: string] {
  return [
    `const ${name} = ${pattern};`,
    `let ${name}Built; const ${name} = {
    test: (text) => (${name}Built ??= ${pattern}).test(text),
    [Symbol.search]: (text) => (${name}Built ??= ${pattern})[Symbol.search](text),
  };`,
  ];
}

/**
 * A segmenter of graphemes that is made when it is first asked: Unicode's tables take longer to load than
 * a screen of plain characters to draw.
 */
export function segmentLater(code: string): string {
  const made = /const (\w+) = (new Intl\.Segmenter\([^)]*\));/;
  const [statement = '', name = '', segmenter = ''] = made.exec(code) ?? [];
  return replaceOnce(
    code,
    statement,
    `let ${name}Made; const ${name} = { segment: (text) => (${name}Made ??= ${segmenter}).segment(text) };`,
  );
}

/**
 * Yoga's code is a data URL: asking `fetch` for it would load Node's whole HTTP client at every start, and
 * compiling so little on another thread takes longer to wait for than to do.
 */
export function decodeAtOnce(code: string): string {
  return replaceEach(code, [
    ['return w||"function"!=typeof fetch?', 'return true?'],
    [
      'WebAssembly.instantiate(f,d)',
      '({ instance: new WebAssembly.Instance(new WebAssembly.Module(f), d) })',
    ],
  ]);
}

/** signal-exit asserts that it is given a function, as Ink gives it; that alone would load `assert`. */
export function withoutAssertions(code: string): string {
  return replaceOnce(code, "require('assert')", '{ equal() {} }');
}

/**
 * Most of meow reads and checks package.json files, at the price of a tenth of a start; this program
 * hands it what it needs of its own.
 */
export function leaveOutPackages(code: string): string {
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
