import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Prints, when the program ends, which of its own modules Node loaded for it. */
const listing =
  "data:text/javascript,process.on('exit', () => console.log('LOADED ' + process.moduleLoadList.join()))";

it('prints a dashboard without loading what of Node it does not use', async () => {
  const path = join(temporaryDirectory(), 'telemetry.db');
  const store = openTelemetryStore({ path });
  store.recordRoutingEvent('run', 'task', {
    taskType: 'evaluation',
    model: 'glm',
    score: 0.5,
    costUsd: 0.01,
    iterations: 1,
    deterministicPassed: true,
  });
  await store.close();
  const output = execFileSync(
    process.execPath,
    ['--import', listing, cli, 'dashboard', '--plain', '--db', path],
    { encoding: 'utf8' },
  );
  expect(output).toContain('MODEL RANKINGS');
  const loaded = output.slice(output.indexOf('LOADED ')).split(',');
  for (const name of ['crypto', 'child_process', 'inspector', 'worker_threads', 'readline']) {
    expect(loaded).not.toContain(`NativeModule ${name}`);
  }
});
