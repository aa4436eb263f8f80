import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plot } from '../../../source/commands/replay/chart.ts';
import { createProgress } from '../../../source/commands/shared/progress.ts';
import { runCommandLine } from '../../support/context.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';

let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
  file = join(folder, 'outcomes.csv');
  const random = seededRandom(2);
  const rows = Array.from({ length: 120 }, (_, item) =>
    [0.3, 0.6, 0.9].map(
      (quality, model) =>
        `${item},${item % 2 ? 'odd' : 'even'},m${model},${random() < quality ? 1 : 0},0.00${model + 1}`,
    ),
  ).flat();
  await writeFile(file, ['item_id,task_type,model,score,cost_usd', ...rows].join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('orchestrator replay', () => {
  it('prints one object with --json', async () => {
    const { stdout, stderr, exitCode } = await runCommandLine([
      'replay',
      file,
      '--runs',
      '3',
      '--json',
    ]);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    const result: unknown = JSON.parse(stdout);
    expect(result).toMatchObject({
      runs: [{ run: 1, tasks: 100 }, { run: 2 }, { run: 3, choices: { odd: {}, even: {} } }],
      references: { leaderScore: expect.any(Number), randomScore: expect.any(Number) },
    });
  });

  it('draws the score by run between the references, and says what changed', async () => {
    const { stdout } = await runCommandLine(['replay', file, '--tolerance', '0']);
    expect(stdout).toContain('outcomes.csv: 120 items of 2 task types, 3 models');
    expect(stdout).toContain('20 runs of 100 tasks, a day apart; quality tolerance 0, seed 1');
    expect(stdout).toMatch(/┤.*· best model per task type/);
    expect(stdout).toMatch(/┤.*· random choice/);
    expect(stdout).toMatch(/runs 19–20 +0\.\d{3} +\d+\.\d% +\$0\.00\d+/);
    expect(stdout).toContain('From the first runs to the last:');
  });

  it('is the control with --cold', async () => {
    const { stdout } = await runCommandLine(['replay', file, '--cold', '--runs', '1']);
    expect(stdout).toContain('--cold: every run forgets those before it');
    expect(stdout).toContain('Without memory.');
  });

  it.each([
    [['replay']],
    [['replay', 'x.csv', '--runs', '0']],
    [['replay', 'x.csv', '--tolerance', '2']],
    [['replay', 'x.csv', '--seed', 'one']],
  ])('does not understand %j', async (argv) => {
    expect(await runCommandLine(argv)).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('fails in one sentence on a file that is not there', async () => {
    const { stdout, stderr, exitCode } = await runCommandLine(['replay', join(folder, 'none.csv')]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/none\.csv does not exist; check the path\.\n$/);
  });
});

describe('the chart', () => {
  it('averages what does not fit, and is flat where nothing differs', () => {
    const lines = [{ label: 'best', value: 1 }];
    const wide = plot({
      values: Array.from({ length: 500 }, () => 0.5),
      lines,
      columns: 60,
      rows: 5,
    });
    expect(Math.max(...wide.split('\n').map((line) => line.length))).toBeLessThanOrEqual(64);
    expect(plot({ values: [1, 1], lines, columns: 60, rows: 5 })).toContain('best');
  });
});

describe('the progress bar', () => {
  const written = (isTTY: boolean): string => {
    const chunks: string[] = [];
    const progress = createProgress({ isTTY, write: (text) => chunks.push(text) > 0 });
    progress.show('reading', 0.5);
    progress.show('reading', 0.5001);
    progress.clear();
    progress.clear();
    return chunks.join('');
  };

  it('is one line of a terminal that goes away', () => {
    expect(written(true)).toBe(
      `\r\u{1B}[2Kreading ${'█'.repeat(15)}${'░'.repeat(15)} 50%\r\u{1B}[2K`,
    );
  });

  it('is nothing elsewhere', () => {
    expect(written(false)).toBe('');
  });
});
