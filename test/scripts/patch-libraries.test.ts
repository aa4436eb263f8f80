import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { patchedLibrary } from '../../scripts/patch-libraries.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'scripts/patches');

describe.each(readdirSync(folder))('%s', (name) => {
  const text = readFileSync(join(folder, name), 'utf8');
  const file = /^--- (node_modules\/\S+)$/m.exec(text)?.[1] ?? '';

  it('says above the diff what it gains, and what to ask of the library', () => {
    const above = text.slice(0, text.indexOf('--- node_modules/'));
    expect(above).toMatch(/^Gain/m);
    expect(above).toMatch(/^Draft of the request upstream:\n> /m);
  });

  it('fits the installed version and no other text', () => {
    const code = readFileSync(join(root, file), 'utf8');
    const patched = patchedLibrary(join(root, file), code);
    expect(patched).not.toBe(code);
    expect(() => patchedLibrary(join(root, file), patched)).toThrow('does not fit this version');
  });
});

it('leaves every other file as it is', () => {
  expect(patchedLibrary('/somewhere/node_modules/react/index.js', 'code')).toBe('code');
});
