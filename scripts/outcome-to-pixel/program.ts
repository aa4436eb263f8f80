import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const driver = fileURLToPath(new URL('show-outcome.ts', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Workers by the names of their bundles, which the sources ask for. */
const workers = {
  'telemetry-worker': 'worker',
  'sums-worker': 'sums-worker',
  'history-worker': 'history-worker',
};

/** The sources of a checkout as JavaScript, file by file, with the program that shows one outcome. */
export function translate(checkout: string, folder: string): void {
  const source = join(checkout, 'source');
  for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(name) || name.endsWith('.d.ts')) continue;
    write(
      join(folder, 'source', scriptOf(name)),
      javaScriptOf(name, readFileSync(join(source, name), 'utf8')),
    );
  }
  for (const [name, file] of Object.entries(workers)) {
    const target = join(folder, 'source/telemetry', `${file}.js`);
    if (!existsSync(target)) continue;
    // Beside either module that has asked for one.
    write(join(folder, 'source/files', `${name}.js`), `import '../telemetry/${file}.js';`);
    write(join(folder, 'source/telemetry/write', `${name}.js`), `import '../${file}.js';`);
  }
  write(join(folder, 'package.json'), '{"type":"module"}');
  write(join(folder, 'show-outcome.js'), javaScriptOf(driver, readFileSync(driver, 'utf8')));
  symlinkSync(modules, join(folder, 'node_modules'));
}

/** Another copy of what was translated, to be changed. */
export function copyProgram(folder: string, copy: string): void {
  mkdirSync(copy);
  cpSync(join(folder, 'source'), join(copy, 'source'), { recursive: true });
  for (const name of ['package.json', 'show-outcome.js']) {
    copyFileSync(join(folder, name), join(copy, name));
  }
  symlinkSync(modules, join(copy, 'node_modules'));
}

/** The name of a source file, and that of its translation. */
export const scriptOf = (name: string): string => name.replace(/\.tsx?$/, '.js');

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function javaScriptOf(name: string, text: string): string {
  const { code } = transformSync(text, {
    loader: name.endsWith('x') ? 'tsx' : 'ts',
    jsx: 'automatic',
    format: 'esm',
    target: 'node24',
  });
  return (
    code
      .replaceAll(/(["'])(\.[^"']*)\.tsx?\1/g, '$1$2.js$1')
      // Only the bundle may load it, changed; nothing on the way needs it.
      .replaceAll(/from "ink-table"/g, 'from "data:text/javascript,export default () => null"')
  );
}

/**
 * Stands for every value: whatever is read of it or asked of it is nothing again. So what does not need
 * the result of a function does not notice that it is gone.
 */
const nothing = `const nothing = new Proxy(function () {}, {
  get: (target, name) =>
    name === 'then' ? undefined
    : name === 'prototype' ? target.prototype
    : name === Symbol.toPrimitive ? () => ''
    : name === Symbol.iterator ? function* () {}
    : name === 'length' || name === 'size' ? 0
    : nothing,
  apply: () => nothing,
  construct: () => nothing,
});
const idle = (value, depth = 0) =>
  typeof value === 'function' ? () => nothing
  : depth < 4 && value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
    ? Object.fromEntries(Object.entries(value).map(([name, of]) => [name, idle(of, depth + 1)]))
  : value;
`;

/** The same module with exported functions that do nothing; undefined of one that exports nothing. */
export function idled(code: string): string | undefined {
  const exported = /export \{([^}]*)\};\s*$/.exec(code);
  if (exported === null) return undefined;
  const stubs = (exported[1] ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text, index) => {
      const [local = '', name = local] = text.split(' as ');
      return `const idle${index} = idle(${local}); export { idle${index} as ${name} };`;
    });
  return [code.slice(0, exported.index), nothing, ...stubs].join('\n');
}
