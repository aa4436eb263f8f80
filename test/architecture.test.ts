import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../source');

/** What each folder may import besides itself. */
const allowed: Record<string, readonly string[]> = {
  domain: [],
  files: ['domain'],
  routing: ['domain'],
  engine: ['routing', 'files', 'domain'],
  providers: ['routing', 'domain'],
  telemetry: ['routing', 'files', 'domain'],
  dashboard: ['routing', 'files', 'domain'],
  commands: ['dashboard', 'engine', 'providers', 'telemetry', 'routing', 'files', 'domain'],
};

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.tsx?$/.test(name),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  const specifiers = text.matchAll(
    /(?:\bfrom|\bimport|\bimport\()\s*\(?\s*'([^']+)'|new URL\(\s*'([^']+)'/g,
  );
  return [...specifiers].map(([, specifier, url]) => specifier ?? url ?? '');
}

const folderOf = (path: string): string => path.split('/')[0] ?? '';

describe('the architecture', () => {
  it.each(files.filter((file) => file.includes('/')))('%s imports in one direction', (file) => {
    const folder = folderOf(file);
    const wrong = importsOf(file)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => relative(source, join(source, dirname(file), specifier)))
      .filter((target) => !target.startsWith('..'))
      .filter((target) => ![folder, ...(allowed[folder] ?? [])].includes(folderOf(target)));
    expect(wrong).toEqual([]);
  });

  it('has one owner of the database', () => {
    const owners = files.filter((file) => importsOf(file).includes('better-sqlite3'));
    expect(owners.filter((file) => folderOf(file) !== 'telemetry')).toEqual([]);
  });

  it('has an engine that knows nothing of SQLite, React or Ink', () => {
    const foreign = files
      .filter((file) => ['engine', 'routing', 'domain'].includes(folderOf(file)))
      .flatMap(importsOf)
      .filter((specifier) => ['better-sqlite3', 'react', 'ink'].includes(specifier));
    expect(foreign).toEqual([]);
  });

  it('prints in one place, where what terminals obey is taken out', () => {
    const printing = files.filter((file) =>
      /\b(?:stdout|stderr)\.write\(/.test(readFileSync(join(source, file), 'utf8')),
    );
    // The clipboard's sequence is no text; the launcher's output is read by a program, and is JSON.
    expect(printing).toEqual(['dashboard/effects.ts', 'engine/children/launcher.ts']);
  });
});
