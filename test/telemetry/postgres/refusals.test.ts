import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
import { serverAddress } from '../../../source/telemetry/server-address.ts';
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
    expect(notices.join(' ')).toContain('a replica');
    const reader = openServerReader({ path: follower });
    onTestFinished(() => reader.close());
    await until(() => reader.read(30).status === 'ready');

    await server.admin('ALTER ROLE follower RESET default_transaction_read_only');
    const promoted = openTelemetryStore({ path: follower });
    expect((await promoted.recordedTaskIds('p2')).size).toBe(1);
    await promoted.close();
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
