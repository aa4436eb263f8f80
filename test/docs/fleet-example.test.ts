import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { emptyRunState } from '../../source/domain/run-state.ts';
import { sharedRunOf } from '../../source/domain/shared-run.ts';
import { createConnector } from '../../source/telemetry/postgres/connector.ts';
import { serverEngine } from '../../source/telemetry/postgres/engine.ts';
import { showRun } from '../../source/telemetry/postgres/live-runs.ts';
import { rollUp } from '../../source/telemetry/postgres/roll.ts';
import { writeBatches } from '../../source/telemetry/postgres/write-batches.ts';
import { readServerAddress, serverAddress } from '../../source/telemetry/address/server-address.ts';
import { noRows } from '../../source/telemetry/database/columns.ts';
import { isWithoutServer, serverHistory } from '../support/postgres.ts';

const folder = new URL('../../examples/fleet/', import.meta.url);
const at = 1_760_000_000;
const event = ['p', 't', 'type', 'm', null, 0.5, 0.1, 1, 1, at];
const batch = { ...noRows(), writer: '77', number: 1, events: [event] };
const run = sharedRunOf(
  { ...emptyRunState('p'), startedAt: at, lastEventAt: at },
  { machine: 'm', now: at },
);

type Service = {
  environment?: Record<string, string>;
  secrets?: string[];
  depends_on?: Record<string, unknown>;
};

describe('the example of a fleet', () => {
  const compose: { services: Record<string, Service>; secrets: Record<string, unknown> } = parse(
    readFileSync(new URL('compose.yaml', folder), 'utf8'),
  );

  it('names addresses that are understood, and services and secrets that are there', () => {
    for (const { environment = {}, secrets = [], depends_on = {} } of Object.values(
      compose.services,
    )) {
      const url = environment['ORCHESTRATOR_DATABASE_URL'];
      expect(url === undefined || 'address' in readServerAddress(url)).toBe(true);
      expect(secrets.filter((name) => !(name in compose.secrets))).toEqual([]);
      expect(Object.keys(depends_on).filter((name) => !(name in compose.services))).toEqual([]);
    }
  });

  it.skipIf(isWithoutServer || !existsSync('/usr/bin/psql'))(
    'gives its users what they need, and no more',
    async () => {
      const { server, address } = await serverHistory();
      const { schema } = address;
      await server.admin('DROP ROLE IF EXISTS ci; DROP ROLE IF EXISTS viewer');
      const roles = new URL('roles.sql', folder).pathname;
      const where = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres'];
      const passwords = ['-v', "ci=it's", '-v', 'viewer=secret'];
      const words = [...where, '-q', '-v', 'ON_ERROR_STOP=1', ...passwords, '-f', roles];
      execFileSync('/usr/bin/psql', [...words, 'postgres']);
      const as = (user: string) => {
        const connector = createConnector({
          address: serverAddress(server.url(schema, user)),
          doing: 'writing',
        });
        onTestFinished(() => connector.close());
        return connector;
      };
      const ci = as('ci');
      await ci.use((session) => writeBatches(session, schema, [batch]));
      await ci.use((session) => showRun(session, schema, run));
      await rollUp(ci, { now: () => at, limits: { restSeconds: 0 } });
      const engine = serverEngine(serverAddress(server.url(schema, 'viewer')));
      onTestFinished(() => engine.close());
      expect((await engine.taskIds('p')).size).toBe(1);
      expect(await engine.shownRuns({ now: () => at, wanted: undefined })).toHaveLength(1);

      const { rows } = await server.admin(
        `SELECT tablename FROM pg_tables WHERE schemaname = '${schema}'`,
      );
      const changes = rows.flatMap(({ tablename }) => [
        `DELETE FROM ${schema}.${tablename}`,
        `TRUNCATE ${schema}.${tablename}`,
        `ALTER TABLE ${schema}.${tablename} ADD COLUMN x text`,
        `DROP TABLE ${schema}.${tablename}`,
      ]);
      const columns = await server.admin(
        `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '${schema}'`,
      );
      for (const { table_name, column_name } of columns.rows) {
        changes.push(`UPDATE ${schema}.${table_name} SET ${column_name} = DEFAULT`);
      }
      changes.push(`SELECT ${schema}.forget_sums('x')`, `CREATE TABLE ${schema}.mine (x text)`);
      const refused = async (user: ReturnType<typeof as>, statement: string) => {
        const said = await user
          .use((session) => session.rows(statement))
          .then(() => 'done')
          .catch((error: unknown) => (error instanceof Error && 'code' in error ? error.code : ''));
        return said === 'done' ? statement : undefined;
      };
      const viewer = as('viewer');
      const done: unknown[] = [];
      for (const statement of changes) {
        done.push(await refused(ci, statement), await refused(viewer, statement));
      }
      for (const statement of [
        `INSERT INTO ${schema}.batches (writer, number) VALUES (1, 1)`,
        `SELECT ${schema}.beat('{"projectId": "p", "machine": "m"}')`,
        `SELECT ${schema}.write_batches('{1}', '{1}')`,
      ]) {
        done.push(await refused(viewer, statement));
      }
      expect(done.filter((statement) => statement !== undefined)).toEqual([]);
      expect(changes.length).toBeGreaterThan(100);
    },
    60_000,
  );
});
