import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { mergeChunks } from '../../scripts/merge-chunks.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const sources = {
  // Two names that are alike, in chunks that go into one file.
  'count.ts': 'let value = 0;\nexport const next = () => (value += 1);',
  'step.ts': `const value = 'step';\nexport const name = () => value;\nexport const unused = 1;`,
  'both.ts': `import { next } from './count.ts';\nimport { name } from './step.ts';\nexport const both = () => name() + next();`,
  'main.ts': `import { both } from './both.ts';\nexport { both };\nexport const later = () => import('./later.ts');`,
  'thread.ts': `import { next } from './count.ts';\nexport { next };`,
  'other.ts': `import { name } from './step.ts';\nimport { both } from './both.ts';\nexport const all = [name, both];`,
  'later.ts': `import { next } from './count.ts';\nexport const again = () => next();`,
};

it('puts small chunks together; every module is still there once', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'source'));
  for (const [name, text] of Object.entries(sources)) {
    writeFileSync(join(directory, 'source', name), text);
  }
  const folder = join(directory, 'dist');
  const { metafile } = await build({
    absWorkingDir: directory,
    entryPoints: ['source/main.ts', 'source/thread.ts', 'source/other.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    metafile: true,
  });
  const before = readdirSync(folder).length;
  await mergeChunks(folder, metafile, [{ name: 'start', starts: ['source/main.ts'] }]);

  expect(existsSync(join(folder, 'start.js'))).toBe(true);
  expect(readdirSync(folder).length).toBeLessThan(before);
  const load = (name: string) => import(pathToFileURL(join(folder, name)).href);
  const main = await load('main.js');
  const thread = await load('thread.js');
  expect(main.both()).toBe('step1');
  expect(thread.next()).toBe(2);
  expect((await main.later()).again()).toBe(3);
  expect((await load('other.js')).all[1]()).toBe('step4');
});
