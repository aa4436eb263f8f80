import Database from 'better-sqlite3';
import { copyFileSync, existsSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { openInsightReader, openTelemetryStore } from '../../source/telemetry/index.ts';
import { openRollups, rollupsPathOf } from '../../source/telemetry/sqlite/rollups.ts';
import { type Figure, figure, inTemporary, median, times } from './measure.ts';

/** Opens the file with a writer until everything is summed up. */
export async function sumUp(path: string): Promise<void> {
  const pending = (): number => {
    if (!existsSync(rollupsPathOf(path))) return 0;
    const rollups = openRollups(path);
    try {
      return rollups?.state()?.pending.length ?? 0;
    } finally {
      rollups?.close();
    }
  };
  do await openTelemetryStore({ path }).close();
  while (pending() > 0);
}

/** The first read, in this process, with everything it needs compiled already. */
export function firstRead(path: string): number {
  const reader = openInsightReader({ path });
  const start = performance.now();
  reader.read(30);
  const taken = performance.now() - start;
  reader.close();
  return taken;
}

/** Polls and refreshes of an open dashboard on a copy of the file. */
export async function refreshes(path: string): Promise<Figure[]> {
  return inTemporary(async (directory) => {
    const copy = `${directory}/copy.db`;
    copyFileSync(path, copy);
    copyFileSync(rollupsPathOf(path), rollupsPathOf(copy));
    const writer = new Database(copy);
    const insert = writer.prepare(
      `INSERT INTO routing_events (project_id, task_id, task_type, model_chosen, score, cost_usd,
         iterations, det_passed, recorded_at) VALUES ('live', ?, 'evaluation', 'glm-5', 0.7, 0.01, 1, 1, ?)`,
    );
    const reader = openInsightReader({ path: copy });
    reader.read(30);
    const polls: number[] = [];
    const reads: number[] = [];
    for (let round = 0; round < 60; round += 1) {
      for (let poll = 0; poll < 20; poll += 1) {
        const start = performance.now();
        reader.changed();
        polls.push(performance.now() - start);
      }
      writer.transaction(() => {
        for (let row = 0; row < 100; row += 1) insert.run(`t${round}-${row}`, Date.now() / 1000);
      })();
      await turn();
      const start = performance.now();
      reader.read(30);
      reads.push(performance.now() - start);
    }
    reader.close();
    writer.close();
    return [
      figure('poll without change, median', median(polls), { most: 0.1, unit: ' ms', digits: 4 }),
      figure('refresh after 100 new rows, median', median(reads.slice(10)), {
        most: 5,
        unit: ' ms',
      }),
    ];
  });
}

/** Loading the history of all cells in a process that has done so before, each time from the file. */
export async function warmStart(path: string): Promise<Figure> {
  const taken = await times(15, async () => {
    const store = openTelemetryStore({ path, readonly: true });
    await store.loadHistory();
    await store.close();
  });
  return figure('warm start of 12 models × 7 task types', median(taken.slice(3)), {
    most: 25,
    unit: ' ms',
  });
}

/** Bytes of the roll-ups, and of all against the two tables and indexes alone. */
export function sizes(plain: string, summed: string): Figure[] {
  const kept = statSync(rollupsPathOf(summed)).size;
  return [
    figure('roll-ups of 1,000,000 events', kept / 1e6, { most: 8, unit: ' MB', digits: 1 }),
    figure(
      'database and roll-ups against the two tables alone',
      (statSync(summed).size + kept) / statSync(plain).size,
      { most: 1.3, unit: ' ×' },
    ),
  ];
}
