import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, projectFiles, root } from '../support/documents.ts';

/** Folders that the program makes when it runs; the project has none of those. */
const runtimeFolders = new Set(['spool/']);

const isThere = (path: string): boolean =>
  projectFiles.some((file) => file === path || file.endsWith(`/${path}`));

/** `tasks/run-task.ts` and `source/engine/`, but no address, placeholder or file of the user's. */
const namesFile = (words: string): boolean =>
  /^(?:[\w.-]+\/)*[\w.-]+\.(?:tsx?|mjs|patch|svg)$/.test(words) ||
  /^(?:source|test|docs|bench|scripts|examples)\/[\w./-]+$/.test(words) ||
  (/^(?:[\w.-]+\/)+$/.test(words) && !runtimeFolders.has(words));

const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );

// A changelog speaks of what was.
const present = documents.filter(({ path }) => path !== 'CHANGELOG.md');

describe('what pages name is there', () => {
  it.each(present)('$path: files and folders', ({ inline }) => {
    const named = inline.filter(namesFile).map((words) => words.replace(/\/$/, ''));
    expect(named.filter((path) => !isThere(path))).toEqual([]);
  });

  it.each(documents)('$path: links', ({ folder, text }) => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const file = join(root, folder, path);
      if (path !== '' && !existsSync(file)) return true;
      if (anchor === undefined) return false;
      const page = path === '' ? text : readFileSync(file, 'utf8');
      return !headingsOf(page).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('the way of an outcome goes through functions that are in their files', () => {
    const { text } = documents.find(({ path }) => path === 'docs/architecture.md') ?? { text: '' };
    const steps = [...text.matchAll(/^\|[^|]+\| `(source\/[^`]+)` \|([^|]+)\|$/gm)];
    const missing = steps.flatMap(([, file = '', names = '']) => {
      const code = readFileSync(join(root, file), 'utf8');
      return [...names.matchAll(/`(\w+)`/g)]
        .map(([, name = '']) => name)
        .filter((name) => !new RegExp(`\\b${name}\\b`).test(code))
        .map((name) => `${file}: ${name}`);
    });
    expect(steps.length).toBeGreaterThan(10);
    expect(missing).toEqual([]);
  });
});
