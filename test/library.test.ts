import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import * as source from '../source/index.ts';
import { temporaryDirectory } from './support/temporary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const library = pathToFileURL(join(root, 'dist/index.js')).href;

/** Runs a program that uses the built library, as another project would. */
async function runProgram(code: string, directory: string): Promise<string> {
  const file = join(directory, 'program.mjs');
  writeFileSync(file, code.replaceAll("'multi-llm-orchestrator'", `'${library}'`));
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: directory });
  return stdout;
}

it('exports the store and its errors, and nothing else', () => {
  expect(Object.keys(source).toSorted()).toEqual([
    'OrchestratorError',
    'TelemetryError',
    'openTelemetryStore',
  ]);
});

it('rejects reads of what is no database with a stable code', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'notes.txt'), 'not a database '.repeat(200));
  const printed = await runProgram(
    `import { openTelemetryStore, TelemetryError } from 'multi-llm-orchestrator';
    const store = openTelemetryStore({ path: 'notes.txt', readonly: true });
    await store.modelRankings(30).catch((error) => {
      console.log(error instanceof TelemetryError, error.code);
    });
    await store.close();
    await store.close();`,
    directory,
  );
  expect(printed).toBe('true not-a-database\n');
});
