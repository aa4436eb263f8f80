import { chmod, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { lazyBuiltins } from './lazy-builtins.ts';
import { mergeChunks } from './merge-chunks.ts';
import { noticesOf } from './notices.ts';
import { patchLibraries } from './patch-libraries.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const shared: BuildOptions = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.13',
  plugins: [lazyBuiltins, patchLibraries],
  define: { 'process.env.NODE_ENV': '"production"' },
  minify: false,
  // The licences are beside the programs, in one file.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** What is loaded together: by every command, by the threads that own a database, and by the dashboard. */
const startGroups = [
  {
    name: 'command-line',
    starts: ['source/commands/main.ts', 'source/commands/command-line/parse.ts'],
  },
  {
    name: 'history',
    starts: [
      'source/telemetry/worker.ts',
      'source/telemetry/history-worker.ts',
      'source/telemetry/sums-worker.ts',
    ],
  },
  {
    name: 'dashboard',
    starts: ['source/commands/dashboard/command.ts', 'source/commands/dashboard/open-dashboard.ts'],
  },
];

/** Bundles one program of the tests or benchmarks the way the product is bundled. */
export async function bundleProgram(entry: string, outfile: string): Promise<void> {
  const { outdir: _, ...options } = shared;
  await build({ ...options, entryPoints: [entry], outfile });
}

/** Bundles the launcher, one lazily loaded entry per command, the workers and the library, with the licences of what is in them. */
export async function buildBundles(): Promise<void> {
  await rm(`${root}dist`, { recursive: true, force: true });
  const results = await Promise.all([
    // The launcher must parse on any Node that knows ES modules, so that it can say what it needs.
    build({
      ...shared,
      target: 'node14.8',
      entryPoints: { cli: 'cli.tsx' },
      plugins: [
        {
          name: 'leave-main-apart',
          setup(esbuild) {
            esbuild.onResolve({ filter: /commands\/main\.ts$/ }, () => ({
              path: './main.js',
              external: true,
            }));
          },
        },
      ],
      banner: { js: '#!/usr/bin/env node' },
    }),
    build({
      ...shared,
      entryPoints: {
        main: 'source/commands/main.ts',
        index: 'source/index.ts',
        'telemetry-worker': 'source/telemetry/worker.ts',
        'server-worker': 'source/telemetry/server-worker.ts',
        'history-worker': 'source/telemetry/history-worker.ts',
        'sums-worker': 'source/telemetry/sums-worker.ts',
      },
      splitting: true,
      chunkNames: '[name]-[hash]',
    }),
    // Apart, so that what it shares with the program is not split from that for its sake.
    build({
      ...shared,
      entryPoints: {
        'inspection-worker': 'source/engine/inspection/worker.ts',
        launcher: 'source/engine/children/launcher.ts',
      },
    }),
  ]);
  const metafiles = results.flatMap(({ metafile }) => metafile ?? []);
  for (const metafile of metafiles) await mergeChunks(`${root}dist`, metafile, startGroups);
  await writeFile(`${root}dist/THIRD-PARTY-NOTICES.txt`, noticesOf(metafiles, root));
  await chmod(`${root}dist/cli.js`, 0o755);
}
