import Database from 'better-sqlite3';
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from '../scripts/bundle.ts';
import { rollupsPathOf } from '../source/telemetry/sqlite/rollups.ts';
import { type Figure, figure, inTemporary } from './store/measure.ts';
import { refreshes, sizes, sumUp, warmStart } from './store/reading.ts';
import { firstScreens, printedAgainstNode } from './store/starting.ts';
import { callerCost, loopDelay, sustainedRate } from './store/writing.ts';
import { writeHistory } from './support/history.ts';

/**
 * The figures of the store: `npm run bench -- store [--quick] [--large] [--json]`. `--large` adds a year
 * of ten million events against ten thousand (two gigabytes of temporary space); `--quick` takes fewer
 * samples. Everything that depends on the machine is set against a baseline of the same minute.
 */
export async function run({ json, args }: { json: boolean; args: string[] }): Promise<void> {
  const quick = args.includes('--quick');
  const figures = await inTemporary(async (directory) => {
    await buildBundles();
    return [
      ...(await writingFigures(directory, quick)),
      ...(await readingFigures(directory, quick)),
      ...(args.includes('--large') ? await largeFigures(directory, quick) : []),
    ];
  });
  if (json) {
    console.log(JSON.stringify({ bench: 'store', figures }));
    return;
  }
  console.table(figures.map(({ met, ...rest }) => ({ ...rest, met: met ? 'yes' : 'NO' })));
}

async function writingFigures(directory: string, quick: boolean): Promise<Figure[]> {
  return [
    ...(await callerCost(directory)),
    await loopDelay(directory, quick ? 3 : 10),
    await sustainedRate(directory, quick ? 50_000 : 200_000),
  ];
}

async function readingFigures(directory: string, quick: boolean): Promise<Figure[]> {
  const now = Date.now() / 1000;
  const plain = join(directory, 'plain.db');
  const summed = join(directory, 'summed.db');
  writeHistory(plain, 1_000_000, now);
  copyFileSync(plain, summed);
  await sumUp(summed);
  settle(summed);
  const runs = quick ? 3 : 9;
  const {
    ink = 1,
    kept = 0,
    none = 0,
  } = await firstScreens({ kept: summed, none: plain }, runs, directory, (name) => {
    if (name === 'none') rmSync(rollupsPathOf(plain), { force: true });
  });
  const printed = async (flag: string): Promise<Figure> =>
    figure(
      `dashboard ${flag} against node -e 0`,
      await printedAgainstNode(['dashboard', flag, '--db', summed], runs),
      { most: 5, unit: ' ×' },
    );
  return [
    figure('dashboard to first screen, 1,000,000 events', kept, {
      most: 200,
      unit: ' ms',
      digits: 0,
    }),
    figure('the same against an unbundled Ink hello world', kept / ink, {
      most: 0.7,
      unit: ' ×',
    }),
    figure('the same without roll-ups', none, { most: 400, unit: ' ms', digits: 0 }),
    await printed('--plain'),
    await printed('--json'),
    ...(await refreshes(summed)),
    await warmStart(summed),
    ...sizes(plain, summed),
  ];
}

async function largeFigures(directory: string, quick: boolean): Promise<Figure[]> {
  const now = Date.now() / 1000;
  const small = join(directory, 'small.db');
  const large = join(directory, 'large.db');
  writeHistory(small, 10_000, now);
  writeHistory(large, 10_000_000, now);
  for (const path of [small, large]) {
    await sumUp(path);
    settle(path);
  }
  const shown = await firstScreens({ small, large }, quick ? 3 : 9, directory);
  return [
    figure(
      'first screen at 10,000,000 events against 10,000',
      (shown['large'] ?? 0) / (shown['small'] ?? 1),
      { most: 1.3, unit: ' ×' },
    ),
  ];
}

/** Moves everything from the log into the file, as the last writer to leave does. */
function settle(path: string): void {
  for (const file of [path, rollupsPathOf(path)]) {
    if (!existsSync(file)) continue;
    const database = new Database(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
  }
}
