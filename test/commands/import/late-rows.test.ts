import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { daySeconds } from '../../../source/domain/durations.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import { runProgram } from '../../support/program.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const now = Math.floor(Date.now() / 1000) - 60;
const random = seededRandom(5);

/** Lines of tasks, and of what a run observed, spread over the last days. */
const lines = (count: number, run: string, days: number): string =>
  Array.from({ length: count }, (_, index) => {
    const at = now - Math.floor(random() * days * daySeconds);
    const cell = {
      model: `m${index % 3}`,
      taskType: index % 2 === 0 ? 'summarization' : 'evaluation',
    };
    const projectId = `${run}-${index % 40}`;
    if (index % 100 === 99) {
      const observed = { qualityScore: random(), trustFactor: 1, avgLatencyMs: 9, latencyP95Ms: 9 };
      const counts = { callCount: 4, failureCount: 0, validatorFailCount: 0, successRate: 1 };
      return { kind: 'snapshot', projectId, ...cell, ...observed, ...counts, avgCostUsd: 0.01, at };
    }
    return { projectId, taskId: `t${index}`, ...cell, score: random(), costUsd: random(), at };
  })
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

it('makes the numbers of the rows, also where rows come late into days that were summed up', async () => {
  const directory = temporaryDirectory();
  const environment = { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory };
  const run = async (...argv: string[]): Promise<string> => {
    const { stdout } = await runProgram(argv, { environment, workingDirectory: directory });
    return stdout;
  };
  const numbers = async (): Promise<unknown> => {
    // The window and the month's forecast go on with the time.
    const {
      window: _window,
      month: _month,
      ...rest
    }: Record<string, unknown> = JSON.parse(await run('dashboard', '--json', '--days', '60'));
    // Sums are added up in another order than rows.
    return JSON.parse(
      JSON.stringify(rest, (__, value: unknown) =>
        typeof value === 'number' ? Number(value.toPrecision(9)) : value,
      ),
    );
  };
  writeFileSync(join(directory, 'first.jsonl'), lines(6000, 'a', 80));
  writeFileSync(join(directory, 'late.jsonl'), lines(900, 'a', 80) + lines(300, 'b', 80));
  expect(await run('import', 'first.jsonl')).toContain('6,000 records imported');
  const rollups = join(directory, 'telemetry.rollups.db');
  expect(existsSync(rollups)).toBe(true);
  expect(await run('import', 'late.jsonl')).toContain('1,200 records imported');
  const summed = await numbers();
  for (const end of ['', '-wal', '-shm']) rmSync(rollups + end, { force: true });
  expect(await numbers()).toEqual(summed);
});
