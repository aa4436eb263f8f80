import { describe, expect, it, onTestFinished } from 'vitest';
import { createConnector } from '../../../source/telemetry/postgres/connector.ts';
import { serverEngine } from '../../../source/telemetry/postgres/engine.ts';
import { windowOf } from '../../../source/telemetry/insight/view.ts';
import { initStatements } from '../../../source/telemetry/postgres/init.ts';
import { rollUp } from '../../../source/telemetry/postgres/roll.ts';
import { writeBatches } from '../../../source/telemetry/postgres/write-batches.ts';
import {
  readServerAddress,
  serverAddress,
} from '../../../source/telemetry/address/server-address.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';

const batch = {
  writer: '77',
  number: 1,
  events: [['p', 't', 'type', 'm', null, 0.5, 0.1, 1, 1, 1_760_000_000]],
  snapshots: [],
  calls: [],
  outcomes: [],
  tags: [],
};

describe.skipIf(isWithoutServer)('the rights on a shared history', () => {
  it('let a writer add and sum up, and change or delete nothing', async () => {
    const { server, address } = await serverHistory();
    const { schema } = address;
    await server.admin(`DROP ROLE IF EXISTS ci; CREATE ROLE ci LOGIN IN ROLE orchestrator_writer`);
    const connector = createConnector({
      address: serverAddress(server.url(schema, 'ci')),
      doing: 'writing',
    });
    onTestFinished(() => connector.close());
    await connector.use((session) => writeBatches(session, schema, [batch]));
    await rollUp(connector, { now: () => 1_760_000_000, limits: { restSeconds: 0 } });
    for (const statement of [
      `UPDATE ${schema}.routing_events SET score = 1`,
      `DELETE FROM ${schema}.routing_events`,
      `TRUNCATE ${schema}.routing_events`,
      `INSERT INTO ${schema}.routing_events (stamp) VALUES (1)`,
      `UPDATE ${schema}.sums SET rows = 0`,
      `DROP TABLE ${schema}.sums`,
      `UPDATE ${schema}.roll_state SET before = 0`,
      `DELETE FROM ${schema}.batches`,
    ]) {
      await expect(connector.use((session) => session.rows(statement))).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:denied|unwritable)$/),
      });
    }
  });

  it('are said by a server to those who have none, with the remedy and without the password', async () => {
    const { server, address } = await serverHistory();
    await server.admin(
      `DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN PASSWORD 'open-sesame' IN ROLE orchestrator_reader`,
    );
    const url = server.url(address.schema, 'guarded');
    const connect = (environment: NodeJS.ProcessEnv) => {
      const connector = createConnector({
        address: serverAddress(url),
        doing: 'reading',
        environment,
      });
      onTestFinished(() => connector.close());
      return connector.use((session) => session.rows<[number]>('SELECT 1'));
    };
    const withPassword = url.replace('guarded@', 'guarded:open-sesame@');
    expect(await connect({ ORCHESTRATOR_DATABASE_URL: withPassword })).toEqual([[1]]);
    const wrong = url.replace('guarded@', 'guarded:wrong-one@');
    const refused = await connect({ ORCHESTRATOR_DATABASE_URL: wrong }).catch(String);
    expect(refused).toContain('PGPASSWORD');
    expect(refused).not.toContain('wrong-one');
    expect(readServerAddress(withPassword)).toMatchObject({ password: 'open-sesame' });
  });

  it('let a reader read, and nothing else', async () => {
    const { server, address, connector } = await serverHistory();
    const { schema } = address;
    await connector.use((session) => writeBatches(session, schema, [batch]));
    await server.admin(
      `DROP ROLE IF EXISTS viewer; CREATE ROLE viewer LOGIN IN ROLE orchestrator_reader`,
    );
    const viewer = serverAddress(server.url(schema, 'viewer'));
    const engine = serverEngine(viewer);
    onTestFinished(() => engine.close());
    const { runCount } = await engine.view(windowOf(1, 1_760_000_100));
    expect(runCount).toBe(1);
    const other = createConnector({ address: viewer, doing: 'writing' });
    onTestFinished(() => other.close());
    const again = { ...batch, number: 2 };
    await expect(
      other.use((session) => writeBatches(session, schema, [again])),
    ).rejects.toMatchObject({ code: 'denied' });
  });

  it('are given by statements that a person can read before they run', () => {
    const text = initStatements('orchestrator').join(';\n');
    expect(text).toContain('GRANT INSERT');
    expect(text).not.toMatch(/GRANT[^;]*(?:UPDATE|DELETE|TRUNCATE)/);
  });
});
