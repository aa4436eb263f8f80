import { describe, expect, it } from 'vitest';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import {
  administrator,
  makeHistory,
  serverStatus,
} from '../../../source/telemetry/postgres/administration.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { result } from '../support.ts';

describe.skipIf(isWithoutServer)('a history on a server of an earlier version', () => {
  it('is read, takes nothing in before it is brought forward, and everything after', async () => {
    const { path, address, connector } = await serverHistory();
    const { schema } = address;
    await connector.use(async (session) => {
      await session.rows(`DROP TABLE ${schema}.task_tags CASCADE`);
      await session.rows(`DELETE FROM ${schema}.schema_versions`);
      await session.rows(`INSERT INTO ${schema}.schema_versions (version) VALUES (1)`);
      // A restored history, whose transactions are numbered anew.
      await session.rows(`UPDATE ${schema}.installation SET base = 7000`);
    });
    const notices: string[] = [];
    const store = openTelemetryStore({ path, onNotice: (text) => notices.push(text) });
    store.recordRoutingEvent('p', 't', { ...result(), tags: { team: 'search' } });
    await store.flush();
    expect(store.stats()).toMatchObject({ spooled: 2, lost: 0 });
    expect(notices).toEqual([expect.stringMatching(/older than this version.*history init\.$/)]);
    expect(await store.loadHistory()).toEqual([]);

    const admin = administrator(address);
    expect(await makeHistory(admin)).toBe('brought forward');
    expect(await makeHistory(admin)).toBe('was there');
    expect(await serverStatus(admin)).toMatchObject({ version: 2, currentVersion: 2 });
    await expect.poll(() => store.stats().written, { timeout: 20_000 }).toBe(2);
    await store.close();
    const rows = await connector.use((session) =>
      session.rows(`SELECT tag_name, tag_value, stamp > 7000 FROM ${schema}.task_tags`),
    );
    expect(rows).toEqual([['team', 'search', true]]);
    await admin.close();
  });

  it('gets what is missing of this version, and a newer one is left as it is', async () => {
    const { address, connector } = await serverHistory();
    const { schema } = address;
    const admin = administrator(address);
    await connector.use(async (session) => {
      await session.rows(`DROP TABLE ${schema}.live_runs`);
      await session.rows(`DROP FUNCTION ${schema}.beat(jsonb)`);
    });
    expect(await makeHistory(admin)).toBe('was there');
    const beats = () =>
      connector.use((session) =>
        session.rows(`SELECT to_regprocedure('${schema}.beat(jsonb)') IS NOT NULL`),
      );
    expect(await beats()).toEqual([[true]]);
    await connector.use(async (session) => {
      await session.rows(`DROP FUNCTION ${schema}.beat(jsonb)`);
      await session.rows(`INSERT INTO ${schema}.schema_versions (version) VALUES (99)`);
    });
    expect(await makeHistory(admin)).toBe('was there');
    expect(await beats()).toEqual([[false]]);
    await admin.close();
  });
});
