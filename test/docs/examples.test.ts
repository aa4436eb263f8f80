import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../source/index.ts';
import { documents, root } from '../support/documents.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const run = promisify(execFile);
const library = pathToFileURL(join(root, 'dist/index.js')).href;

const examplesOf = (path: string): string[] =>
  (documents.find((page) => page.path === path)?.blocks ?? [])
    .filter(({ language }) => language === 'ts')
    .map(({ code }) => code);

const pages = documents.filter(({ path }) => examplesOf(path).length > 0);
const numbered = pages.flatMap(({ path }) =>
  examplesOf(path).map((code, index) => ({ name: `${path}, example ${index + 1}`, code })),
);

/** What an example says that it prints: the comments that begin with an arrow. */
const promised = (code: string): string[] =>
  [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, text = '']) => text);

describe('the examples of the library', () => {
  it.each(numbered)('$name prints what it says', async ({ code }) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'example.ts');
    writeFileSync(file, code.replaceAll("'multi-llm-orchestrator'", `'${library}'`));
    // What it records is not for the history of whoever runs the tests.
    const env = { PATH: process.env['PATH'], HOME: directory };
    const { stdout } = await run(process.execPath, [file], { cwd: directory, env });
    expect(stdout.trimEnd().split('\n')).toEqual(promised(code));
  });

  it('keep to the types', async () => {
    const directory = temporaryDirectory();
    for (const [index, { code }] of numbered.entries()) {
      writeFileSync(join(directory, `example-${index}.ts`), code);
    }
    writeFileSync(join(directory, 'package.json'), '{"type": "module"}');
    writeFileSync(
      join(directory, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.json'),
        compilerOptions: {
          paths: { 'multi-llm-orchestrator': [join(root, 'source/index.ts')] },
          typeRoots: [join(root, 'node_modules/@types')],
        },
        include: ['*.ts', join(root, 'source/dashboard/libraries.d.ts')],
      }),
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '--project', directory]).catch(
      (error: unknown) => ({ stdout: `${String(error)}${outputOf(error)}` }),
    );
    expect(stdout).toBe('');
  });
});

const outputOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'stdout' in error ? String(error.stdout) : '';

describe('the page of the library', () => {
  const page = documents.find(({ path }) => path === 'docs/library.md')?.text ?? '';
  const isNamed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(page);

  it('names everything that is exported', () => {
    const index = readFileSync(join(root, 'source/index.ts'), 'utf8');
    const names = [...index.matchAll(/\{([^}]*)\}/gs)]
      .flatMap(([, list = '']) => list.split(','))
      .map((name) => name.replace(/\btype\b/, '').trim())
      .filter((name) => name !== '');
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
  });

  it('names every method of a store', async () => {
    const store = openTelemetryStore({ path: join(temporaryDirectory(), 't.db'), readonly: true });
    expect(Object.keys(store).filter((name) => !isNamed(name))).toEqual([]);
    await store.close();
  });
});
