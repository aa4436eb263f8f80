import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** The folder of PostgreSQL's programs; undefined where it is not installed. */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root) : [];
  const folders = versions
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
  const found = [...folders, ...(process.env['PATH'] ?? '').split(':')];
  return found.find((folder) => existsSync(join(folder, 'initdb')));
}

/** A PostgreSQL server of one's own, in a scratch folder, on this machine alone. */
export type Cluster = {
  port: number;
  /** An address of a schema, as a user of the cluster. */
  url(schema: string, user?: string): string;
  /** Runs statements as the superuser. */
  admin(sql: string): Promise<pg.QueryResult>;
  /** Ends the server with kill -9, as a power cut would; {@link Cluster.start} brings it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The server's processes, for counting what they cost. */
  pid(): number;
  /** Stops it; its folder stays. */
  stop(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
};

const superuser = 'postgres';

/**
 * Makes and starts a cluster; some seconds. PostgreSQL refuses root, so root gives it to another user.
 * `settings` are lines of postgresql.conf; `directory` is one that may hold a cluster of earlier already.
 */
export async function createCluster(
  settings: readonly string[] = ['fsync = off'],
  directory = mkdtempSync(join(tmpdir(), 'orchestrator-postgres-')),
): Promise<Cluster> {
  const programs = postgresPrograms();
  if (programs === undefined) throw new Error('PostgreSQL is not installed.');
  const owner = process.getuid?.() === 0 ? unprivileged() : undefined;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const port = await freePort();
  const options = { ...owner, cwd: directory, stdio: 'ignore' as const };
  if (!existsSync(data)) {
    execFileSync(
      join(programs, 'initdb'),
      ['--no-sync', '--auth=trust', '--encoding=UTF8', '--locale=C', '-U', superuser, '-D', data],
      options,
    );
    // A user for whom a password is asked.
    const rules = join(data, 'pg_hba.conf');
    const others = readFileSync(rules, 'utf8');
    writeFileSync(rules, `host all guarded 127.0.0.1/32 scram-sha-256\n${others}`);
  }
  // The last line of a setting counts.
  appendFileSync(
    join(data, 'postgresql.conf'),
    [
      '',
      `port = ${port}`,
      `unix_socket_directories = '${directory}'`,
      "listen_addresses = '127.0.0.1'",
      'max_connections = 400',
      ...settings,
      '',
    ].join('\n'),
  );

  let server: ChildProcess | undefined;
  const url = (schema: string, user = superuser): string =>
    `postgres://${user}@127.0.0.1:${port}/postgres?schema=${schema}`;
  const admin = async (sql: string): Promise<pg.QueryResult> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: superuser, database: superuser });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const start = async (): Promise<void> => {
    for (let attempt = 0; attempt < 600; attempt += 1) {
      // It does not start while a process of one that was killed has not noticed that yet.
      if (server === undefined || server.exitCode !== null) {
        server = spawn(join(programs, 'postgres'), ['-D', data], options);
      }
      try {
        await admin('SELECT 1');
        return;
      } catch {
        await wait(50);
      }
    }
    throw new Error(`PostgreSQL did not start in ${data}.`);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending?.pid === undefined || ending.exitCode !== null) return;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    await exited;
  };
  const atExit = (): void => {
    server?.kill('SIGQUIT');
  };
  process.once('exit', atExit);
  await start();
  return {
    port,
    url,
    admin,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGINT'),
    pid: () => server?.pid ?? 0,
    async remove() {
      await end('SIGINT');
      process.off('exit', atExit);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The user that PostgreSQL's package makes, or one that may do nothing. */
function unprivileged(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user =
    users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  return { uid: Number(user?.[2]), gid: Number(user?.[3]) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
