import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnector, type Session } from '../../../source/telemetry/postgres/connector.ts';
import { writeBatches } from '../../../source/telemetry/postgres/write-batches.ts';
import { type Batch, noRows } from '../../../source/telemetry/database/columns.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';

const event = (task: string, model = 'm', score: number | null = 0.5) => [
  'p',
  task,
  'evaluation',
  model,
  null,
  score,
  1e-7,
  1,
  1,
  1_760_000_000.123_456,
];
const call = (id: string) => [
  'p',
  id,
  null,
  null,
  null,
  'judge',
  'x',
  'm',
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  null,
  0.1,
  0,
  5,
  'ok',
  null,
  1_760_000_000,
];
const batch = (number: number, rows: Partial<Batch> = {}): Batch => ({
  ...noRows(),
  events: [event(`t${number}`)],
  writer: '9223372036854775807',
  number,
  ...rows,
});

describe.skipIf(isWithoutServer)('batches on a server', () => {
  const open = async () => {
    const { address } = await serverHistory();
    const connector = createConnector({ address, doing: 'writing' });
    onTestFinished(() => connector.close());
    const { schema } = address;
    const ask = <Row extends unknown[]>(sql: string) =>
      connector.use((session) => session.rows<Row>(sql.replaceAll('@', schema)));
    const statements: string[] = [];
    const put = (batches: readonly Batch[]) =>
      connector.use((session) => {
        const watched: Session = {
          ...session,
          rows(sql, values) {
            statements.push(sql);
            return session.rows(sql, values);
          },
        };
        return writeBatches(watched, schema, batches);
      });
    const tasks = async () =>
      (await ask<[string]>('SELECT task_id FROM @.routing_events ORDER BY id')).map(([id]) => id);
    return { ask, put, tasks, statements };
  };

  it('keep every character of a name, and every digit of a number', async () => {
    const { ask, put } = await open();
    const names = [
      '"',
      '\\',
      '\\"',
      '\\\\""',
      '{a,b}',
      '(x,y)',
      ',',
      ' ',
      'null',
      'NULL',
      "'",
      '$1',
      '\n\t',
      '日本\u{1f600}',
      '()',
      '""',
    ];
    const events = names.map((name, index) =>
      event(name, `m${name}`, index === 0 ? null : index / 16),
    );
    await put([batch(1, { events })]);
    const rows = await ask<unknown[]>(
      `SELECT task_id, model_chosen, reviewer, score, unscored, cost_usd, iterations, recorded_at
       FROM @.routing_events ORDER BY id`,
    );
    expect(rows).toEqual(
      names.map((name, index) => [
        name,
        `m${name}`,
        null,
        index / 16,
        index === 0,
        1e-7,
        1,
        1_760_000_000.123_456,
      ]),
    );
  });

  it('go in one statement where all are new, or all are there', async () => {
    const { put, tasks, statements } = await open();
    const batches = Array.from({ length: 40 }, (_, number) => batch(number));
    await put(batches);
    await put(batches);
    expect(statements).toHaveLength(2);
    expect(await tasks()).toEqual(batches.map(({ number }) => `t${number}`));
  });

  it('of which some are there count once, whatever comes with them', async () => {
    const { put, tasks, statements } = await open();
    const all = Array.from({ length: 64 }, (_, number) => batch(number));
    await put(all.slice(20, 30));
    await put([...all, batch(5), batch(25)]);
    expect((await tasks()).toSorted()).toEqual(all.map(({ number }) => `t${number}`).toSorted());
    expect(statements.length).toBeLessThan(30);
  });

  it('of all kinds are there together, and a call counts once', async () => {
    const { ask, put } = await open();
    const rows = {
      calls: [call('c1'), call('c1'), call('c2')],
      snapshots: [['p', 'm', 'evaluation', null, 1, 900, 2000, 1, 0.01, 5, 0, 0, 1_760_000_000]],
      outcomes: [['p', 't', 'user', 1, null, 'says "no\\yes"', 1_760_000_000]],
      tags: [['p', null, 'team', 'a,b', 1_760_000_000]],
    };
    await put([batch(1, rows)]);
    await put([batch(2, { calls: [call('c2'), call('c3')] })]);
    expect(await ask('SELECT call_id FROM @.model_calls ORDER BY 1')).toEqual([
      ['c1'],
      ['c2'],
      ['c3'],
    ]);
    expect(await ask('SELECT quality_score, unscored FROM @.model_snapshots')).toEqual([[0, true]]);
    expect(await ask('SELECT note FROM @.outcomes')).toEqual([['says "no\\yes"']]);
    expect(await ask('SELECT task_id, tag_value FROM @.task_tags')).toEqual([[null, 'a,b']]);
  });

  it('that two bring at once are there once', async () => {
    const { server, address } = await serverHistory();
    const machines = Array.from({ length: 4 }, () => {
      const connector = createConnector({ address, doing: 'writing' });
      onTestFinished(() => connector.close());
      return connector;
    });
    const all = Array.from({ length: 60 }, (_, number) => batch(number));
    await Promise.all(
      machines.map(async (machine, index) => {
        for (let first = 0; first < 60; first += 6) {
          const some = all.slice(first, first + 6 + index);
          await machine.use((session) => writeBatches(session, address.schema, some));
        }
      }),
    );
    const { rows } = await server.admin(
      `SELECT count(*)::integer AS rows, count(DISTINCT task_id)::integer AS tasks FROM ${address.schema}.routing_events`,
    );
    expect(rows).toEqual([{ rows: 60, tasks: 60 }]);
  });
});
