import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesIn } from './support/circles.ts';

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
  library: [
    'commands',
    'dashboard',
    'engine',
    'providers',
    'telemetry',
    'routing',
    'files',
    'domain',
  ],
  commands: ['dashboard', 'engine', 'providers', 'telemetry', 'routing', 'files', 'domain'],
};

/**
 * The folders of a part, from those that use others down to those that are used: each may import what
 * stands after it. A new folder gets its place here.
 */
const order: Record<string, readonly string[]> = {
  engine: [
    'compare',
    'project',
    'tasks',
    'calls',
    'money',
    'results',
    'validators',
    'inspection',
    'children',
    'reading',
    'tracing',
    'journal',
  ],
  telemetry: [
    'transfer',
    'shared',
    'postgres',
    'write',
    'sqlite',
    'reads',
    'history',
    'insight',
    'recommendations',
    'statistics',
    'sums',
    'address',
    'database',
  ],
  dashboard: [
    'screen-reader',
    'panes',
    'plain',
    'run-view',
    'data',
    'terminal',
    'update',
    'keys',
    'state',
    'tables',
    'layout',
    'theme',
    'format',
    'output',
    'text',
  ],
  commands: [
    'demo',
    'compare',
    'run',
    'dashboard',
    'explain',
    'replay',
    'import',
    'export',
    'models',
    'runs',
    'outcome',
    'history',
    'trust',
    'doctor',
    'init',
    'completion',
    'shared',
    'configuration',
    'command-line',
  ],
  routing: ['roles', 'judges'],
  providers: ['simulator'],
};

/** Lists of things that lie above them: a list names each, and is no part of the order. */
const registries = new Set([
  'commands/command-line/commands.ts',
  'engine/inspection/contract.ts',
  'engine/inspection/light-operations.ts',
  'engine/inspection/operations.ts',
]);

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

/** The files of the source that a file names, by their paths below `source`. */
const targetsOf = (file: string): string[] =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(source, join(source, dirname(file), specifier)))
    .filter((target) => files.includes(target));

/** `engine/calls` of `engine/calls/send.ts`; undefined for what lies in the part's own folder. */
function innerFolder(file: string): string | undefined {
  const [part, folder, inside] = file.split('/');
  return inside === undefined ? undefined : `${part}/${folder}`;
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

  it('has no circle of files', () => {
    const arrows = files.map(
      (file) => [file, registries.has(file) ? [] : targetsOf(file)] as const,
    );
    expect(circlesIn(new Map(arrows))).toEqual([]);
  });

  it.each(Object.entries(order))('gives every folder of %s its place', (part, places) => {
    const inner = files
      .filter((file) => folderOf(file) === part)
      .flatMap((file) => innerFolder(file) ?? []);
    expect([...new Set(inner)].toSorted()).toEqual(
      places.map((folder) => `${part}/${folder}`).toSorted(),
    );
  });

  it('has no folders inside a part whose order nobody states', () => {
    const unordered = files.filter(
      (file) => innerFolder(file) !== undefined && order[folderOf(file)] === undefined,
    );
    expect(unordered).toEqual([]);
  });

  it('imports in one direction inside each part, too', () => {
    const upwards = new Set<string>();
    for (const [part, places] of Object.entries(order)) {
      const rank = (folder: string): number => places.indexOf(folder.slice(part.length + 1));
      for (const file of files) {
        const from = innerFolder(file);
        if (folderOf(file) !== part || from === undefined || registries.has(file)) continue;
        for (const to of targetsOf(file).map(innerFolder)) {
          if (to?.startsWith(`${part}/`) !== true || rank(to) >= rank(from)) continue;
          upwards.add(`${from} → ${to}`);
        }
      }
    }
    expect([...upwards]).toEqual([]);
  });

  it('is drawn in the docs as it is', () => {
    const page = readFileSync(resolve(source, '../docs/architecture.md'), 'utf8');
    const drawn = [...page.matchAll(/^\| (\w+) \| ([^|]*`[\w-]+\/`[^|]*) \|$/gm)].map(
      ([, part = '', folders = '']) =>
        [part, [...folders.matchAll(/`([\w-]+)\/`/g)].map(([, folder = '']) => folder)] as const,
    );
    expect(drawn.length).toBeGreaterThan(3);
    for (const [part, folders] of drawn) expect([part, folders]).toEqual([part, order[part]]);
  });

  it('has one owner of the database', () => {
    const owners = files.filter((file) => importsOf(file).includes('better-sqlite3'));
    expect(owners.filter((file) => folderOf(file) !== 'telemetry')).toEqual([]);
  });

  it('has one owner of the driver of a server', () => {
    const owners = files.filter((file) => importsOf(file).includes('pg'));
    expect(owners.map((file) => file.split('/').slice(0, 2).join('/'))).toEqual([
      'telemetry/postgres',
    ]);
  });

  it('has an engine that knows nothing of SQLite, React or Ink', () => {
    const foreign = files
      .filter((file) => ['engine', 'routing', 'domain'].includes(folderOf(file)))
      .flatMap(importsOf)
      .filter((specifier) => ['better-sqlite3', 'react', 'ink'].includes(specifier));
    expect(foreign).toEqual([]);
  });

  it('prints in one place, where what terminals act on is taken out', () => {
    const printing = files.filter((file) =>
      /\b(?:stdout|stderr)\.write\(/.test(readFileSync(join(source, file), 'utf8')),
    );
    // Sequences that ask a terminal for something are no text; the launcher's output is read by a program, and is JSON.
    expect(printing).toEqual(['dashboard/effects.ts', 'engine/children/launcher.ts']);
  });
});
