import process from 'node:process';
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEngine } from '../../../source/telemetry/engine.ts';
import { insightOf } from '../../../source/telemetry/insight/insight.ts';
import { windowOf, viewIn } from '../../../source/telemetry/insight/view.ts';
import { serverEngine } from '../../../source/telemetry/postgres/engine.ts';
import { rollUp } from '../../../source/telemetry/postgres/roll.ts';
import { writeBatches } from '../../../source/telemetry/postgres/write-batches.ts';
import { daysIn, warmStart } from '../../../source/telemetry/warm-start.ts';
import type { Past } from '../../../source/telemetry/sqlite/past.ts';
import { horizonStart } from '../../../source/telemetry/sums/time.ts';
import {
  recorded,
  noRows,
  type Row,
  rowKinds,
} from '../../../source/telemetry/database/columns.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { expectNearly } from '../nearly.ts';
import { createWorld, step } from '../world.ts';

/** So small that few rows are many. */
const limits = {
  rowsPerStep: 10,
  denseRows: 10,
  openSeconds: 7200,
  graceSeconds: 0,
  restSeconds: 0,
};
/** No writer lets a row of another scale through, and JSON has no infinite numbers. */
const told = step.filter(({ type }) => type !== 'unusable');

/** The rows that a database got since it was last asked, as a batch. */
function newRowsOf(database: Database) {
  const last = new Map<string, number>();
  return () => {
    const rows = noRows();
    for (const kind of rowKinds) {
      const { table, columns } = recorded[kind];
      const names = columns.map(([name]) => {
        if (kind === 'events' && name === 'score')
          return unscored('unscored_events', 'event_id', name);
        return kind === 'snapshots' && name === 'quality_score'
          ? unscored('unscored_snapshots', 'snapshot_id', name)
          : name;
      });
      const found = database
        .prepare<[number], [number, ...Row]>(
          `SELECT t.id, ${names.join(', ')} FROM ${table} t WHERE t.id > ? ORDER BY t.id`,
        )
        .raw()
        .all(last.get(kind) ?? 0);
      last.set(kind, found.at(-1)?.[0] ?? last.get(kind) ?? 0);
      rows[kind].push(...found.map(([, ...row]) => row));
    }
    return rows;
  };
}

const unscored = (table: string, id: string, column: string): string =>
  `CASE WHEN t.id IN (SELECT ${id} FROM ${table}) THEN NULL ELSE ${column} END`;

const sorted = <Item>(items: readonly Item[], key: (item: Item) => string): Item[] =>
  items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));

async function expectSame(
  engine: HistoryEngine,
  past: Past,
  days: number,
  now: number,
): Promise<void> {
  const shown = (insight: ReturnType<typeof insightOf>) => ({
    summary: insight.summary,
    spendByDay: insight.spendByDay,
    spend: sorted(insight.spend.byModel, ({ model }) => model),
    rankings: sorted(insight.rankings, ({ model }) => model).map((ranking) => ({
      ...ranking,
      trendPercent: null,
      sparkline: [],
    })),
    cells: sorted(insight.cells, ({ model, taskType }) => `${model} ${taskType}`).map((cell) => ({
      ...cell,
      trendPercent: null,
    })),
  });
  const window = windowOf(days, now);
  expectNearly(shown(insightOf(await engine.view(window))), shown(insightOf(viewIn(past, window))));
  const wanted = { from: horizonStart(now), to: now, exceptProject: 'p1' };
  const warm = ({ days: sums, cells }: ReturnType<typeof daysIn>) =>
    sorted(warmStart(sums, cells, now), ({ model, taskType }) => `${model} ${taskType}`);
  expectNearly(warm(await engine.days(wanted)), warm(daysIn(past, wanted)));
}

describe.skipIf(isWithoutServer)('a history on a server', () => {
  it('gives the numbers of a file with the same rows, whatever happens in which order', async () => {
    const { address, connector, server } = await serverHistory();
    const { schema } = address;
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(told, { minLength: 5, maxLength: 25 }), async (story) => {
        const tables = [...rowKinds.map((kind) => recorded[kind].table), 'batches', 'call_ids'];
        const names = [...tables, 'sums', 'roll_state'].map((table) => `${schema}.${table}`);
        await server.admin(`TRUNCATE ${names.join(', ')}`);
        const world = createWorld(true);
        const newRows = newRowsOf(world.database);
        const open = serverEngine(address);
        try {
          for (const happening of story) {
            if (happening.type === 'summarise') {
              for (let left = happening.most; left > 0; left -= 1) {
                if (!(await rollUp(connector, { now: world.now, limits }))) break;
              }
            } else if (happening.type === 'read') {
              const fresh = serverEngine(address);
              try {
                for (const engine of [open, fresh]) {
                  await expectSame(engine, world.open, happening.days, world.now());
                }
              } finally {
                await fresh.close();
              }
            } else if (happening.type !== 'forget sums') {
              world.take(happening);
              const rows = newRows();
              if (Object.values(rows).every(({ length }) => length === 0)) continue;
              number += 1;
              await connector.use((session) =>
                writeBatches(session, schema, [{ ...rows, writer: '5', number }]),
              );
            }
          }
        } finally {
          await open.close();
          world.end();
        }
      }),
      { numRuns: Number(process.env['STORIES'] ?? 12), seed: Number(process.env['SEED'] ?? 7) },
    );
    expect(number).toBeGreaterThan(20);
  }, 600_000);
});
