import { defineConfig } from 'vitest/config';
import { patchedLibrary } from './scripts/patch-libraries.ts';

export default defineConfig({
  plugins: [
    {
      // As in the bundle: ink-table requires Ink, which can only be imported.
      name: 'patch-ink-table',
      transform: (code: string, id: string) =>
        id.includes('ink-table/dist/index.js')
          ? { code: patchedLibrary('node_modules/ink-table/dist/index.js', code), map: null }
          : undefined,
    },
  ],
  test: {
    server: { deps: { inline: ['ink-table'] } },
    include: ['test/**/*.test.{ts,tsx}'],
    // The tests that start the program itself need its current build.
    globalSetup: ['test/support/build-once.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Moments are drawn in local time.
    env: { TZ: 'UTC' },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['source/**/*.{ts,tsx}'],
      // What tests run as a user does, as the built program in a process of its own, is not seen from here.
      exclude: [
        'source/commands/{compare,demo,export,import}/**',
        'source/engine/compare/**',
        'source/telemetry/transfer/**',
      ],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 90 },
    },
  },
});
