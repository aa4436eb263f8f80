import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { openTerminal } from '../test/support/terminal.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Each is started so often, by turns; the first round fills npm's cache and does not count. */
const rounds = 6;
const said = 'SIMULATED';

/**
 * What is installed with the packed tarball, and how long `npx` of it takes to the first frame of the demo,
 * against `npx` of a package that only prints a word.
 */
export async function run({ json }: { json: boolean; args: string[] }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    const tarball = pack(root, folder);
    const empty = pack(emptyPackage(join(folder, 'empty')), folder);
    const { packages, megabytes } = installed(tarball, join(folder, 'project'));
    const times: Record<'empty' | 'demo', number[]> = { empty: [], demo: [] };
    for (let round = 0; round < rounds; round += 1) {
      times.empty.push(await npx(folder, empty, ['says-it']));
      times.demo.push(await npx(folder, tarball, ['orchestrator', 'demo']));
    }
    const [emptyMs, demoMs] = [medianOf(times.empty), medianOf(times.demo)];
    const figures = [
      { what: 'packages installed', asked: '≤ 5', measured: packages },
      { what: 'size installed, MB', asked: '≤ 35', measured: megabytes },
      { what: 'npx of an empty package, ms', asked: '–', measured: emptyMs },
      { what: 'npx to the first frame of the demo, ms', asked: '–', measured: demoMs },
      { what: 'ratio', asked: '≤ 3', measured: Number((demoMs / emptyMs).toFixed(2)) },
    ];
    if (json) console.log(JSON.stringify(figures));
    else console.table(figures);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}

function pack(directory: string, destination: string): string {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
  const text = execFileSync('npm', args, { cwd: directory, encoding: 'utf8' });
  return join(destination, /"filename": "([^"]+)"/.exec(text)?.[1] ?? '');
}

function emptyPackage(directory: string): string {
  mkdirSync(directory);
  const manifest = { name: 'says-it', version: '1.0.0', bin: { 'says-it': 'cli.js' } };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest));
  const program = join(directory, 'cli.js');
  writeFileSync(program, `#!/usr/bin/env node\nconsole.log(${JSON.stringify(said)});\n`);
  chmodSync(program, 0o755);
  return directory;
}

function installed(tarball: string, project: string): { packages: number; megabytes: number } {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"private": true}');
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', tarball], { cwd: project });
  const modules = join(project, 'node_modules');
  const files = readdirSync(modules, { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, stats: statSync(join(modules, name)) }))
    .filter(({ stats }) => stats.isFile());
  const manifest = /^(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+\/package\.json$/;
  const bytes = files.reduce((sum, { stats }) => sum + stats.size, 0);
  return {
    packages: files.filter(({ name }) => manifest.test(name)).length,
    megabytes: Number((bytes / 1e6).toFixed(1)),
  };
}

/** Milliseconds until the program shows its word: installed anew each time, from npm's own cache. */
async function npx(folder: string, tarball: string, command: string[]): Promise<number> {
  // What was closed may still be writing into its own.
  const home = mkdtempSync(join(folder, 'home-'));
  const cache = join(folder, 'cache');
  rmSync(join(cache, '_npx'), { recursive: true, force: true });
  const start = performance.now();
  const terminal = openTerminal({
    columns: 100,
    rows: 30,
    file: 'npx',
    args: ['--yes', '--prefer-offline', '--package', tarball, ...command],
    environment: { ...process.env, HOME: home, npm_config_cache: cache },
    workingDirectory: home,
  });
  try {
    await terminal.waitFor(said, 60_000);
    return performance.now() - start;
  } finally {
    terminal.close();
    await terminal.ended;
  }
}

function medianOf([, ...times]: readonly number[]): number {
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
}
