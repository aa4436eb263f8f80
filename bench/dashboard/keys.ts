import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { listRuns } from '../../source/engine/journal/list-runs.ts';
import { openBare } from '../support/bare-terminal.ts';
import { quantile, type Figure, type Stage } from './figures.ts';

/** The keys that lead to each view from the overview, and those that are pressed there. */
const views: Record<string, readonly [to: readonly string[], there: readonly string[]]> = {
  selection: [[], ['j', 'k']],
  sorting: [[], ['Q', 'C']],
  routes: [['2'], ['j', 'k']],
  'a route': [
    ['2', '\r'],
    ['j', 'k'],
  ],
  cost: [['3'], ['j', 'k']],
  recommendations: [[], ['4', '3']],
  runs: [['5'], ['j', 'k']],
  'runs, sorted': [['5'], ['C', 'T']],
  'a run of 400 tasks': [
    ['5', 'g', '\r'],
    ['j', 'k'],
  ],
  'what was written': [
    ['5', 'g', '\r', '\r', '\r'],
    ['j', 'k'],
  ],
  'two runs': [
    ['5', 'g', 'm', 'j', '='],
    ['j', 'k'],
  ],
  'two models': [
    ['m', 'j', '='],
    ['j', 'k'],
  ],
  'a model, opened and left': [[], ['\r', '1']],
  palette: [[':'], ['m', '\u007F']],
  tabs: [[], ['2', '3', '4', '5', '1']],
};

export async function keysToFrames(stage: Stage, rounds: number): Promise<Figure[]> {
  rmSync(join(stage.directory, 'cache'), { recursive: true, force: true });
  const program = await openBare(['dashboard', '--db', stage.database], stage.directory);
  const figures: Figure[] = [];
  const all: number[] = [];
  for (const [name, [to, there]] of Object.entries(views)) {
    for (const key of to) {
      // What opens something draws it, however long that takes.
      if (key === '\r' || key === '=') await program.timeToFrame(key);
      await program.press(key === '\r' || key === '=' ? '' : key);
    }
    const times: number[] = [];
    const before = program.processorSeconds();
    for (let round = 0; round < rounds; round += 1) {
      const key = there[round % there.length] ?? 'j';
      times.push(
        await program.timeToFrame(key).catch((error: unknown) => {
          throw new Error(`${key} in ${name}`, { cause: error });
        }),
      );
    }
    const perKey = (1000 * (program.processorSeconds() - before)) / rounds;
    // Out of whatever is open.
    if (name === 'palette') await program.press('\u001B');
    await program.press('3');
    await program.press('1');
    all.push(...times);
    figures.push(frameFigure(`key to frame: ${name}`, times, perKey));
  }
  const opened: number[] = [];
  await program.press('5');
  await program.press('g');
  for (let round = 0; round < 10; round += 1) {
    opened.push(await program.timeToFrame('\r'));
    await program.press('\u001B');
  }
  await program.leave();
  const slowest = quantile(opened, 0.95);
  return [
    ...figures,
    frameFigure('key to frame: all views', all),
    {
      what: 'opening a run of 400 tasks and 10 MB',
      asked: '≤ 100',
      measured: slowest,
      unit: 'ms p95',
      ok: slowest <= 100,
    },
    listOfRuns(join(stage.directory, 'runs')),
  ];
}

/** All at once, as `orchestrator runs` does it: an open dashboard does it bit by bit. */
function listOfRuns(directory: string): Figure {
  const times = Array.from({ length: 7 }, () => {
    const begin = performance.now();
    listRuns({ directory, now: Date.now() / 1000 });
    return performance.now() - begin;
  });
  const median = quantile(times, 0.5);
  return {
    what: 'list of 2,000 runs, none read whole',
    asked: '≤ 50',
    measured: median,
    unit: 'ms median',
    ok: median <= 50,
  };
}

function frameFigure(what: string, times: readonly number[], processorMs?: number): Figure {
  const p95 = quantile(times, 0.95);
  return {
    what,
    asked: '≤ 33',
    measured: p95,
    unit: `ms p95${processorMs === undefined ? '' : `, ${processorMs.toFixed(1)} ms of processor a key`}`,
    ok: p95 <= 33,
  };
}
