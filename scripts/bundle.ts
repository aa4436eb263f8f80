import { chmod, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { lazyBuiltins } from './lazy-builtins.ts';
import { type Group, mergeChunks } from './merge-chunks.ts';
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

const commands = (...names: string[]): string[] =>
  names.map((name) => `source/commands/${name}/command.ts`);

/** What is loaded together: by every command, by the threads that own a database, by the dashboard, and so on. */
const startGroups: Group[] = [
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
      'source/index.ts',
    ],
    parts: ['source/commands/configuration/find-file.ts'],
  },
  {
    name: 'dashboard',
    starts: ['source/commands/dashboard/open-dashboard.ts', 'source/dashboard/run-view/index.ts'],
    parts: [
      ...commands('dashboard'),
      'source/commands/dashboard/print-dashboard.ts',
      'source/commands/shared/cache-paths.ts',
      'source/commands/shared/explainer.ts',
      'source/commands/shared/history-setting.ts',
      'source/dashboard/plain/index.ts',
      'source/domain/run-state.ts',
    ],
  },
  { name: 'facts', starts: commands('export') },
  {
    name: 'server',
    isOwn: true,
    starts: ['source/telemetry/server-worker.ts'],
    parts: [
      ...commands('history'),
      'source/telemetry/postgres/administration.ts',
      'source/telemetry/postgres/engine.ts',
      'source/telemetry/transfer/server-facts.ts',
    ],
    largestBytes: 200_000,
  },
  {
    name: 'commands',
    isOwn: true,
    starts: commands('import'),
    parts: [
      ...commands('compare', 'doctor', 'explain', 'init', 'models', 'outcome'),
      ...commands('replay', 'run', 'runs', 'trust'),
      'source/commands/configuration/index.ts',
      'source/commands/demo/play-story.ts',
      'source/commands/replay/read-outcomes.ts',
      'source/commands/replay/run-replay.ts',
      'source/commands/run/connect.ts',
      'source/commands/run/execute-project.ts',
      'source/commands/run/prepare-run.ts',
      'source/commands/run/run-request.ts',
      'source/commands/shared/routable-models.ts',
      'source/engine/index.ts',
      'source/providers/index.ts',
    ],
    largestBytes: 250_000,
  },
  {
    name: 'providers',
    isOwn: true,
    starts: ['openai', 'anthropic', 'google', 'deepseek', 'moonshotai'].map(
      (name) => `node_modules/@ai-sdk/${name}/dist/index.js`,
    ),
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
        // On an older Node nothing of them is used: it is told so first.
        lazyBuiltins,
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
