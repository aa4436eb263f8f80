import { describe, expect, it, onTestFinished } from 'vitest';
import type { HistoryEngine } from '../../../source/telemetry/engine.ts';
import { insightOf } from '../../../source/telemetry/insight/insight.ts';
import { windowOf } from '../../../source/telemetry/insight/view.ts';
import { administrator, repairHistory } from '../../../source/telemetry/postgres/administration.ts';
import { serverEngine } from '../../../source/telemetry/postgres/engine.ts';
import { rollUp } from '../../../source/telemetry/postgres/roll.ts';
import { writeBatches } from '../../../source/telemetry/postgres/write-batches.ts';
import { noRows, type Row, type Rows } from '../../../source/telemetry/database/columns.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';

const hour = 3600;
const now = 1_790_000_000;

const event = (project: string, task: number, at: number): Row => [
  project,
  `t${task}`,
  'evaluation',
  'm',
  null,
  0.5,
  0.01,
  1,
  1,
  at,
];
const snapshot = (project: string, at: number): Row => [
  project,
  'm',
  'evaluation',
  0.5,
  1,
  900,
  2000,
  1,
  0.01,
  10,
  0,
  0,
  at,
];

async function made(options: { restMs?: number } = {}) {
  const history = await serverHistory();
  const { address, connector } = history;
  let number = 0;
  const write = (rows: Partial<Rows>): Promise<void> => {
    number += 1;
    const batch = { ...noRows(), ...rows, writer: '7', number };
    return connector.use((session) => writeBatches(session, address.schema, [batch]));
  };
  // The first page begins with nothing.
  await connector.use((session) => session.rows(`SELECT ${address.schema}.look(NULL, 0)`));
  const open = (): HistoryEngine => {
    const engine = serverEngine(address, options);
    onTestFinished(() => engine.close());
    return engine;
  };
  return { ...history, write, open };
}

const seenBy = async (engine: HistoryEngine) => {
  const { rankings } = insightOf(await engine.view(windowOf(30, now)));
  const [first] = rankings;
  return { tasks: first?.taskCount ?? 0, calls: first?.callCount ?? 0 };
};

describe.skipIf(isWithoutServer)('what is new on a server', () => {
  it('is written down once, whoever looks, and reaches all of them', async () => {
    const { write, open, connector, address } = await made();
    const engines = [open(), open(), open()];
    await write({ events: [event('a', 1, now - hour)] });
    for (const engine of engines) expect(await seenBy(engine)).toMatchObject({ tasks: 1 });
    await write({ events: [event('a', 2, now - hour), event('b', 1, now - hour)] });
    for (const engine of engines) expect(await seenBy(engine)).toMatchObject({ tasks: 3 });
    const [[pages] = [0]] = await connector.use((session) =>
      session.rows<[number]>(
        `SELECT count(*) FROM ${address.schema}.news_pages WHERE news LIKE '%"b"%'`,
      ),
    );
    expect(pages).toBe(1);
  });

  it('is nothing, and makes nothing, while nobody writes', async () => {
    const { write, open } = await made();
    await write({ events: [event('a', 1, now - hour)] });
    const engine = open();
    const mark = await engine.mark();
    expect(await engine.mark()).toBe(mark);
    await write({ events: [event('a', 2, now - hour)] });
    expect(await engine.mark()).not.toBe(mark);
  });

  it('is written down by who has done that before, and by others only when it is late', async () => {
    const { write, connector, address } = await made();
    const { schema } = address;
    const beginner = administrator(address);
    onTestFinished(() => beginner.close());
    const restMs = 60_000;
    const pagesAfter = async (who: typeof connector, agedMs: number): Promise<number> => {
      const [[count] = [0]] = await who.use(async (session) => {
        await session.rows(
          `UPDATE ${schema}.news_pages SET at = clock_timestamp() - interval '${agedMs} ms'`,
        );
        await session.rows(`SELECT ${schema}.look(NULL, ${restMs})`);
        return session.rows<[number]>(`SELECT count(*) FROM ${schema}.news_pages`);
      });
      return count;
    };
    await write({ events: [event('a', 1, now - hour)] });
    expect(await pagesAfter(beginner, restMs + 1)).toBe(1);
    expect(await pagesAfter(connector, restMs + 1)).toBe(2);
    await write({ events: [event('a', 2, now - hour)] });
    expect(await pagesAfter(beginner, restMs + 1000)).toBe(3);
  });

  it('counts once where too much came for one page', async () => {
    const { write, open } = await made();
    const engine = open();
    await seenBy(engine);
    const events = Array.from({ length: 2500 }, (_, task) => event('a', task, now - hour));
    await write({ events });
    expect(await seenBy(engine)).toMatchObject({ tasks: 2500 });
    await write({ events: [event('a', 2500, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 2501 });
  });

  it('may end a run that was summed up as one in progress long ago', async () => {
    const { write, open, connector } = await made();
    const limits = { restSeconds: 0, openSeconds: 1, graceSeconds: 0 };
    await write({ events: [event('a', 1, now - 30 * hour), event('a', 2, now - 30 * hour)] });
    await rollUp(connector, { now: () => now, limits });
    const engine = open();
    expect(await seenBy(engine)).toEqual({ tasks: 2, calls: 2 });
    await write({ snapshots: [snapshot('a', now - hour)] });
    expect(await seenBy(engine)).toEqual({ tasks: 2, calls: 10 });
    expect(await seenBy(open())).toEqual({ tasks: 2, calls: 10 });
  });

  it('goes on after a crash of the server and after a repair', async () => {
    const { write, open, connector, address } = await made();
    const engine = open();
    await write({ events: [event('a', 1, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 1 });
    // What a crash does to a table that is not logged.
    await connector.use((session) => session.rows(`TRUNCATE ${address.schema}.news_pages`));
    await write({ events: [event('a', 2, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 2 });
    await write({ events: [event('a', 3, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 3 });
    await repairHistory(connector, { now: () => now, onStep: () => undefined });
    await write({ events: [event('a', 4, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 4 });
  });

  it('is as of the last mark for who looks again and again', async () => {
    const { write, open } = await made({ restMs: 1 });
    const engine = open();
    await write({ events: [event('a', 1, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 1 });
    await engine.mark();
    await write({ events: [event('a', 2, now - hour)] });
    expect(await seenBy(engine)).toMatchObject({ tasks: 1 });
    await expect
      .poll(async () => {
        await engine.mark();
        return (await seenBy(engine)).tasks;
      })
      .toBe(2);
  });
});
