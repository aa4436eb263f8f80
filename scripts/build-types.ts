import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const types = join(root, 'dist', 'types');

/** The types of the library, and of what they are made of; what only the programs inside need is left out. */
export function buildTypes(): void {
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  execFileSync(tsc, ['--project', 'scripts/tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
  const reached = reachableFrom(join(types, 'index.d.ts'));
  for (const name of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    const path = join(types, name);
    if (name.endsWith('.d.ts') && !reached.has(path)) rmSync(path);
  }
  removeEmptyFolders(types);
}

function reachableFrom(path: string, reached = new Set<string>()): Set<string> {
  if (reached.has(path)) return reached;
  reached.add(path);
  const specifiers = readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g);
  for (const [, specifier = ''] of specifiers) {
    reachableFrom(join(dirname(path), specifier.replace(/\.tsx?$/, '.d.ts')), reached);
  }
  return reached;
}

function removeEmptyFolders(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (!statSync(path).isDirectory()) continue;
    removeEmptyFolders(path);
    if (readdirSync(path).length === 0) rmSync(path, { recursive: true });
  }
}
