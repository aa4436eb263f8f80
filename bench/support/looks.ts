import Database from 'better-sqlite3';
import { setImmediate as turn } from 'node:timers/promises';
import { daySeconds } from '../../source/domain/durations.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import type { HistoryEngine } from '../../source/telemetry/engine.ts';
import { windowOf } from '../../source/telemetry/insight/view.ts';
import { openTelemetryStore } from '../../source/telemetry/index.ts';
import { type Build, createBuild } from '../../source/telemetry/sqlite/build-rollups.ts';
import { openRollupsForWriting } from '../../source/telemetry/sqlite/rollups.ts';
import { callsOf, valueOf } from '../../source/telemetry/sums/fields.ts';

const day = daySeconds;
const costUsd = 0.002;
const writers = 4;

/** Sums up a file step by step, and far more often than anybody does. */
export function summingUp(path: string): { step: () => void; close: () => void } {
  let build: Build | undefined;
  let database: Database.Database | undefined;
  const limits = {
    leastRows: 1,
    mostBehind: 100,
    denseRows: 50,
    rowsPerStep: 500,
    mostAtOnce: 1,
    edges: [30],
  };
  return {
    step() {
      database ??= new Database(path, { timeout: 5000 });
      build ??= createBuild(
        database,
        () => openRollupsForWriting(path),
        () => Date.now() / 1000,
        limits,
      );
      build.step();
    },
    close() {
      build?.close();
      database?.close();
    },
  };
}

/** Counts the tasks of a file, see {@link lookWhileWriting}. */
export function countIn(path: string): (from: number) => Promise<number> {
  return async (from) => {
    const database = new Database(path, { readonly: true });
    try {
      const count = database.prepare<[number], number>(
        'SELECT count(*) FROM routing_events WHERE recorded_at >= ?',
      );
      return count.pluck().get(from) ?? 0;
    } finally {
      database.close();
    }
  };
}

/** How many looks at a history saw something else than the rows that were there. */
export type Looks = { looks: number; wrong: string[]; rows: number };

/**
 * Looks at a history again and again while four stores write tasks of the last weeks into it, late ones
 * among them, and `sumUp` goes on between the looks. A writer only adds, so what a look saw lies between
 * the rows before and the rows after it; when nothing came meanwhile, it is the same.
 */
export async function lookWhileWriting(
  path: string,
  {
    open,
    sumUp,
    countFrom,
  }: {
    open: () => HistoryEngine;
    sumUp: () => void | Promise<void>;
    /** The tasks that are there of a time or later, as they are counted by nobody who sums up. */
    countFrom: (from: number) => Promise<number>;
  },
  looks: number,
): Promise<Looks> {
  const random = seededRandom(11);
  let at = 0;
  const stores = Array.from({ length: writers }, () => openTelemetryStore({ path, now: () => at }));
  const write = (): void => {
    for (const [index, store] of stores.entries()) {
      at = Date.now() / 1000 - random() * 50 * day;
      const project = `w${index}-${Math.floor(random() * 200)}`;
      for (let task = 0; task < 12; task += 1) {
        const model = `m${Math.floor(random() * 5)}`;
        const result = { taskType: 'evaluation', model, score: 0.5, costUsd, iterations: 1 };
        store.recordRoutingEvent(project, `t${task}`, { ...result, deterministicPassed: true });
      }
    }
  };
  write();
  await Promise.all(stores.map((store) => store.flush()));
  const found: Looks = { looks: 0, wrong: [], rows: 0 };
  let engine = open();
  try {
    for (; found.looks < looks; found.looks += 1) {
      write();
      await sumUp();
      // What an open dashboard sees, and now and then what a new one does.
      if (found.looks % 10 === 9) {
        await engine.close();
        engine = open();
      }
      const window = windowOf(30, Date.now() / 1000);
      const before = await countFrom(window.from);
      const view = await engine.view(window);
      const after = await countFrom(window.from);
      const cells = [...view.whole.cells.values()];
      const total = (of: (cell: (typeof cells)[number]) => number): number =>
        cells.reduce((sum, cell) => sum + of(cell), 0);
      const tasks = total((cell) => valueOf(cell, 'tasks'));
      const calls = total(callsOf);
      const quarters = view.parts.flatMap(({ sums }) => [...sums.detail.quarters.values()]);
      const inQuarters = quarters.reduce((sum, quarter) => sum + quarter.tasks, 0);
      const cost = total((cell) => valueOf(cell, 'cost'));
      const isRight =
        tasks >= before &&
        tasks <= after &&
        calls === tasks &&
        inQuarters === tasks &&
        Math.abs(cost - tasks * costUsd) < 1e-6;
      const what = { before, tasks, after, calls, inQuarters, cost };
      if (!isRight) found.wrong.push(`look ${found.looks}: ${JSON.stringify(what)}`);
      await turn();
    }
    found.rows = await countFrom(0);
    return found;
  } finally {
    await engine.close();
    await Promise.all(stores.map((store) => store.close()));
  }
}
