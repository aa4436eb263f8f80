import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startProgram } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

type Fact = Record<string, unknown>;

/** What is recorded, but for what names a run, and for when all of it was. */
async function factsOf(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<Fact[]> {
  const directory = temporaryDirectory();
  const where = {
    environment: { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory, ...environment },
    workingDirectory: directory,
  };
  const run = startProgram(argv, where);
  await run.ended;
  const database = join(directory, 'demo', 'telemetry.db');
  const exported = startProgram(['export', '--db', database], where);
  await exported.ended;
  const facts = exported
    .stdout()
    .trim()
    .split('\n')
    .map((line): Fact => JSON.parse(line));
  const passedOver = new Set(['projectId', 'at', 'sourceId', 'propensity']);
  return facts.map((fact) =>
    Object.fromEntries(Object.entries(fact).filter(([name]) => !passedOver.has(name))),
  );
}

/** Keeps the processor busy, so that everything comes when it can. */
const busy = `setInterval(() => { const until = Date.now() + 9 * Math.random(); while (Date.now() < until); }, 11).unref();`;

it.each([
  ['the demo', ['demo', '--seed', '7', '--runs', '1', '--plain']],
  [
    'a simulated run',
    ['run', '--simulate', '--seed', '7', '--project', 'A parser', '--criteria', 'Tested', '--json'],
  ],
])(
  '%s tells the same story for the same seed, whatever the timing',
  async (_, argv) => {
    const calm = await factsOf(argv, {});
    const disturbed = await factsOf(argv, {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(busy)}`,
    });
    expect(calm.length).toBeGreaterThan(20);
    expect(disturbed).toEqual(calm);
  },
  120_000,
);

it('begins anew each time, and keeps what was there before', async () => {
  const directory = temporaryDirectory();
  const environment = { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory };
  const told = async (): Promise<string> => {
    const argv = ['demo', '--runs', '1', '--plain'];
    const demo = startProgram(argv, { environment, workingDirectory: directory });
    await demo.ended;
    return demo.stdout();
  };
  const first = await told();
  expect(await told()).toBe(first);
  expect(existsSync(join(directory, 'demo.previous', 'telemetry.db'))).toBe(true);
}, 120_000);
