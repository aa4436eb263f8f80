import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  openServerReader,
  openTelemetryStore,
  waitingRecords,
} from '../../../source/telemetry/index.ts';
import { createConnector } from '../../../source/telemetry/postgres/connector.ts';
import { classifyServer } from '../../../source/telemetry/postgres/failure.ts';
import { serverAddress } from '../../../source/telemetry/address/server-address.ts';
import { isWithoutServer, serverHistory, until } from '../../support/postgres.ts';
import { result, temporaryDirectory } from '../support.ts';

const messageOf = async (path: string, environment: NodeJS.ProcessEnv = {}): Promise<string> => {
  const connector = createConnector({
    address: serverAddress(path),
    doing: 'reading',
    environment,
  });
  onTestFinished(() => connector.close());
  try {
    await connector.use((session) => session.rows('SELECT 1'));
    return 'it was let in';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** A disk of a megabyte that a process may use; undefined without the right to mount one. */
function smallDisk(pid: number): string | undefined {
  const folder = temporaryDirectory();
  try {
    const options = `size=1m,mode=700,uid=${statSync(`/proc/${pid}`).uid}`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return folder;
}

/** Takes all the space that is left beside a file. */
function fillUp(file: string): void {
  const piece = Buffer.alloc(4096);
  try {
    for (;;) appendFileSync(file, piece);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** A server that answers in TLS with a certificate of its own, in front of another. */
async function tlsServer(target: number, { days = 2 } = {}) {
  const folder = temporaryDirectory();
  const file = (name: string): string => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const [key, request, certificate] = [file('key.pem'), file('request.pem'), file('cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-newkey', 'rsa:2048', '-nodes', '-keyout', key];
  openssl('req', '-new', ...subject, '-out', request);
  const signed = ['-signkey', key, '-days', String(days), '-out', certificate];
  openssl('x509', '-req', '-in', request, ...signed);
  const secure = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server: Server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => {
      client.write('S');
      const inside = new TLSSocket(client, { isServer: true, ...secure });
      const upstream = connect(target, '127.0.0.1');
      for (const socket of [inside, upstream]) socket.on('error', () => client.destroy());
      inside.pipe(upstream).pipe(inside);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return { port: address.port, certificate };
}

describe.skipIf(isWithoutServer)('a server that does not let one in', () => {
  it('is said to want a password, or another one, and shows none', async () => {
    const { server } = await serverHistory();
    await server.admin(
      `DROP ROLE IF EXISTS guarded; CREATE ROLE guarded LOGIN PASSWORD 'o/p@ss:w#rd %41é'`,
    );
    const url = server.url('orchestrator', 'guarded');
    expect(await messageOf(url)).toMatch(/asks for a password.*PGPASSWORD/);
    const withPassword = (password: string) => ({
      ORCHESTRATOR_DATABASE_URL: url.replace('guarded@', `guarded:${password}@`),
    });
    const wrong = await messageOf(url, withPassword('sesame'));
    expect(wrong).toMatch(/does not let this user in.*PGPASSWORD/);
    expect(wrong).not.toContain('sesame');
    const encoded = encodeURIComponent('o/p@ss:w#rd %41é');
    expect(await messageOf(url, withPassword(encoded))).toBe('it was let in');
  });

  it.each([
    ['a database that is not there', '/postgres?', '/nowhere?', /createdb/],
    ['a user that is not there', 'postgres@', 'nobody@', /not let this user in/],
    ['no certificate where one is asked for', '?', '?sslmode=verify-full&', /sslmode/],
  ])('for %s, with what helps', async (_, from, to, wanted) => {
    const { path } = await serverHistory();
    expect(await messageOf(path.replace(from, to))).toMatch(wanted);
  });

  it('is not trusted with a certificate of nobody, of another, or of another time', async () => {
    const { server } = await serverHistory();
    const good = await tlsServer(server.port);
    const url = (port: number, more = '', host = 'localhost') =>
      `postgres://postgres@${host}:${port}/postgres?sslmode=verify-full${more}`;
    expect(await messageOf(url(good.port))).toMatch(/self[- ]signed certificate.*sslrootcert/);
    const known = `&sslrootcert=${good.certificate}`;
    expect(await messageOf(url(good.port, known))).toBe('it was let in');
    expect(await messageOf(url(good.port, known, '127.0.0.1'))).toContain('sslrootcert');
    const old = await tlsServer(server.port, { days: -1 });
    const expired = await messageOf(url(old.port, `&sslrootcert=${old.certificate}`));
    expect(expired).toMatch(/expired.*renew its certificate/);
    expect(await messageOf(url(good.port, '&sslrootcert=/nowhere.pem'))).toContain('/nowhere.pem');
  });

  it('keeps the records of who writes here, whatever it is that it refuses', async () => {
    const { server, address } = await serverHistory();
    await server.admin(
      'DROP ROLE IF EXISTS viewer; CREATE ROLE viewer LOGIN IN ROLE orchestrator_reader',
    );
    const path = server.url(address.schema, 'viewer');
    const notices: string[] = [];
    const store = openTelemetryStore({ path, onNotice: (message) => notices.push(message) });
    store.recordRoutingEvent('p', 't', result());
    await store.close();
    expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
    expect(notices.join(' ')).toContain('orchestrator_writer');
    expect(waitingRecords(path)).toHaveLength(1);
  });
});

describe.skipIf(isWithoutServer)('a server that can only be read', () => {
  it('is followed as a replica is, and takes records when it is none any more', async () => {
    const { server, path, address } = await serverHistory();
    const before = openTelemetryStore({ path });
    before.recordRoutingEvent('p1', 't', result());
    await before.close();
    await server.admin(
      `DROP ROLE IF EXISTS follower; CREATE ROLE follower LOGIN IN ROLE orchestrator_writer;
       ALTER ROLE follower SET default_transaction_read_only = on`,
    );
    const follower = server.url(address.schema, 'follower');
    const notices: string[] = [];
    const store = openTelemetryStore({
      path: follower,
      onNotice: (message) => notices.push(message),
    });
    store.recordRoutingEvent('p2', 't', result());
    await store.close();
    expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
    expect(notices).toEqual([expect.stringMatching(/none is lost.*only be read.*end that\.$/)]);
    const reader = openServerReader({ path: follower });
    onTestFinished(() => reader.close());
    await until(() => reader.read(30).status === 'ready');

    await server.admin('ALTER ROLE follower RESET default_transaction_read_only');
    const promoted = openTelemetryStore({ path: follower });
    expect((await promoted.recordedTaskIds('p2')).size).toBe(1);
    await promoted.close();
  });
});

describe.skipIf(isWithoutServer)('a server that has no room', () => {
  it('for one more connection takes the records when it has', async () => {
    const { server, address, path } = await serverHistory();
    await server.admin(
      'DROP ROLE IF EXISTS one; CREATE ROLE one LOGIN IN ROLE orchestrator_writer',
    );
    await server.admin('ALTER ROLE one CONNECTION LIMIT 0');
    const notices: string[] = [];
    const own = server.url(address.schema, 'one');
    const store = openTelemetryStore({ path: own, onNotice: (text) => notices.push(text) });
    onTestFinished(() => store.close());
    store.recordRoutingEvent('p', 't', result());
    await store.flush();
    expect(store.stats()).toMatchObject({ spooled: 1, lost: 0 });
    expect(notices).toEqual([
      expect.stringMatching(/none is lost.*no connection left.*in front\.$/),
    ]);
    await server.admin('ALTER ROLE one CONNECTION LIMIT -1');
    await until(() => store.stats().written === 1);
    expect(waitingRecords(path)).toEqual([]);
  });

  it('on its disk takes the records when it has', async ({ skip }) => {
    const { server, address, connector } = await serverHistory();
    const disk = smallDisk(server.pid());
    if (disk === undefined) return skip('a disk of one megabyte needs the right to mount one');
    onTestFinished(async () => {
      await server.admin(`DROP SCHEMA ${address.schema} CASCADE`);
      await server.admin('DROP TABLESPACE small');
      execFileSync('umount', [disk]);
    });
    await server.admin(`CREATE TABLESPACE small LOCATION '${disk}'`);
    await server.admin(`ALTER TABLE ${address.schema}.routing_events_others SET TABLESPACE small`);
    const stuffing = join(disk, 'stuffing');
    fillUp(stuffing);
    const notices: string[] = [];
    const store = openTelemetryStore({
      path: server.url(address.schema),
      onNotice: (text) => notices.push(text),
    });
    onTestFinished(() => store.close());
    for (let task = 0; task < 1000; task += 1) store.recordRoutingEvent('p', `t${task}`, result());
    await store.flush();
    expect(store.stats()).toMatchObject({ recorded: 1000, lost: 0 });
    expect(store.stats().spooled).toBeGreaterThan(0);
    expect(notices).toEqual([
      expect.stringMatching(/none is lost.*no space left.*on the server\.$/),
    ]);
    rmSync(stuffing);
    await until(() => store.stats().written === 1000);
    const { schema } = address;
    const count = `SELECT count(*), count(DISTINCT task_id) FROM ${schema}.routing_events`;
    expect(await connector.use((session) => session.rows(count))).toEqual([[1000, 1000]]);
  });
});

describe.skipIf(isWithoutServer)('a server of a newer version', () => {
  it('is read as far as it is known, and not written', async () => {
    const { path, address, connector } = await serverHistory();
    const store = openTelemetryStore({ path });
    store.recordRoutingEvent('p1', 't', result());
    await store.close();
    await connector.use((session) =>
      session.rows(`INSERT INTO ${address.schema}.schema_versions (version) VALUES (99)`),
    );
    const reader = openServerReader({ path });
    onTestFinished(() => reader.close());
    await until(() => reader.read(30).status === 'ready');
    expect(reader.read(30)).toMatchObject({ newerSchema: 99, insight: { summary: { runs: 1 } } });
    const later = openTelemetryStore({ path, onNotice: () => undefined });
    later.recordRoutingEvent('p2', 't', result());
    await later.close();
    expect(later.stats()).toMatchObject({ written: 0, spooled: 1, lost: 0 });
  });
});

describe('what a server says', () => {
  it.each([
    ['53100', 'could not extend file', 'offline', 'free some on the server'],
    ['53300', 'too many clients already', 'offline', 'pgbouncer'],
    ['25006', 'cannot execute INSERT', 'unwritable', 'takes writes'],
    ['42883', 'function f.write_batches(bigint[]) does not exist', 'older-schema', 'history init'],
    ['42501', 'permission denied for table x', 'denied', 'orchestrator_writer'],
    ['28P01', 'password authentication failed', 'not-let-in', 'PGPASSWORD'],
    ['CERT_HAS_EXPIRED', 'certificate has expired', 'untrusted', 'renew its certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'Hostname does not match', 'untrusted', 'sslrootcert'],
    ['57P03', 'the database system is starting up', 'offline', 'start the server'],
    ['ECONNREFUSED', 'connect ECONNREFUSED', 'offline', 'start the server'],
  ])('in its code %s comes with what helps', (code, message, expected, remedy) => {
    const error = Object.assign(new Error(message), { code });
    const failure = classifyServer(error, 'postgres://h/d', 'writing');
    expect(failure).toMatchObject({ code: expected });
    expect(failure.message).toContain(remedy);
    expect(process.env['PGPASSWORD']).toBeUndefined();
  });
});
