import process from 'node:process';

type Benchmark = { run: (options: { json: boolean; args: string[] }) => Promise<void> };

/** Every benchmark; each prints its figures as a table, or as one JSON object with `--json`. */
const benchmarks: Record<string, () => Promise<Benchmark>> = {
  answers: () => import('./answers.ts'),
  dashboard: () => import('./dashboard.ts'),
  engine: () => import('./engine.ts'),
  fleet: () => import('./fleet.ts'),
  import: () => import('./import.ts'),
  learning: () => import('./learning.ts'),
  package: () => import('./package.ts'),
  providers: () => import('./providers.ts'),
  reading: () => import('./reading.ts'),
  servers: () => import('./servers.ts'),
  store: () => import('./store.ts'),
  trust: () => import('./trust/index.ts'),
};

const [name, ...rest] = process.argv.slice(2);
const json = rest.includes('--json');
const args = rest.filter((argument) => argument !== '--json');
const chosen = Object.entries(benchmarks).filter(([key]) => name === undefined || key === name);

if (chosen.length === 0) {
  console.error(`There is no benchmark ${name}: use one of ${Object.keys(benchmarks).join(', ')}.`);
  process.exitCode = 2;
}
for (const [, load] of chosen) {
  const { run } = await load();
  await run({ json, args });
}
