import { createHash } from 'node:crypto';
import { isThisMachine } from '../domain/this-machine.ts';

/** The variable that may hold an address, also one with a password in it. */
export const addressVariable = 'ORCHESTRATOR_DATABASE_URL';

/** Where a history on a server is. No password is ever part of it. */
export type ServerAddress = {
  /** Complete but for the password: two spellings of one address are the same. */
  url: string;
  /** For people: user, server and database. */
  label: string;
  /** A name, a number, or the folder of a socket. */
  host: string;
  port: number;
  user: string | undefined;
  database: string;
  /** In which the tables are. */
  schema: string;
  /** The file with the authorities that the server's certificate may come from. */
  authorities: string | undefined;
  /** Whether nothing leaves this machine. */
  isLocal: boolean;
  /** Whether the connection is encrypted, and the server's certificate checked. */
  isVerified: boolean;
  /** Whether ids of projects and tasks leave the machine as digests only. */
  areIdsHashed: boolean;
};

export type ReadAddress = { address: ServerAddress; password?: string } | { problem: string };

const defaultPort = 5432;
const defaultSchema = 'orchestrator';
const parameters = new Set(['schema', 'sslmode', 'sslrootcert', 'host', 'ids']);

/** Whether a text names a server rather than a file. */
export function isServerAddress(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text);
}

/** `problem` is worded to follow "it"; it never shows the text, in which a password may be. */
export function readServerAddress(text: string): ReadAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: 'is no address: write postgres://user@host/database' };
  }
  const unknown = [...url.searchParams.keys()].find((key) => !parameters.has(key));
  if (unknown !== undefined) {
    return {
      problem: `has an unknown parameter ${unknown}: use schema, sslmode, sslrootcert or ids`,
    };
  }
  const schema = url.searchParams.get('schema') ?? defaultSchema;
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) {
    return { problem: 'has a schema that is no plain name: use small letters, digits and _' };
  }
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  if (host === '') return { problem: 'names no server: write postgres://user@host/database' };
  const isLocal = host.startsWith('/') || isThisMachine(host);
  const mode = url.searchParams.get('sslmode');
  if (!isLocal && mode !== null && mode !== 'verify-full') {
    return {
      problem: `asks for sslmode=${mode}, which would not check whose server it is: write sslmode=verify-full, or leave it out`,
    };
  }
  const ids = url.searchParams.get('ids') ?? 'plain';
  if (ids !== 'plain' && ids !== 'hashed') {
    return { problem: `asks for ids=${ids}: write ids=hashed, or leave it out` };
  }
  const authorities = url.searchParams.get('sslrootcert') ?? undefined;
  const database = decodeURIComponent(url.pathname.slice(1)) || 'orchestrator';
  const user = url.username === '' ? undefined : decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const port = url.port === '' ? defaultPort : Number(url.port);
  url.password = '';
  url.protocol = 'postgres:';
  url.searchParams.sort();
  const shownPort = port === defaultPort ? '' : `:${port}`;
  const address = {
    url: url.href,
    label: `postgres://${user === undefined ? '' : `${user}@`}${host}${shownPort}/${database}`,
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    user,
    database,
    schema,
    authorities,
    isLocal,
    isVerified: !isLocal || (mode !== null && mode !== 'disable'),
    areIdsHashed: ids === 'hashed',
  };
  return { address, ...(password === '' ? {} : { password }) };
}

/** An address that was checked where it was given. */
export function serverAddress(text: string): ServerAddress {
  const read = readServerAddress(text);
  if ('problem' in read) throw new Error(`The address of the history ${read.problem}.`);
  return read.address;
}

/** Names the place of a history in files of the cache, whoever connects to it. */
export function digestOfServer({ host, port, database, schema }: ServerAddress): string {
  const place = JSON.stringify([host.toLowerCase(), port, database, schema]);
  return createHash('sha256').update(place).digest('hex').slice(0, 16);
}

/** The password that came with the address in the environment; the driver looks into others by itself. */
export function passwordFor(
  { url }: ServerAddress,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const text = environment[addressVariable];
  if (text === undefined || !isServerAddress(text)) return undefined;
  const read = readServerAddress(text);
  return 'address' in read && read.address.url === url ? read.password : undefined;
}

/** The same address with digests for ids. */
export function withHashedIds(text: string): string {
  if (!isServerAddress(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  url.searchParams.set('ids', 'hashed');
  return url.href;
}
