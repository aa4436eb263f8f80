import { createHash } from 'node:crypto';
import { isThisMachine } from '../../domain/this-machine.ts';

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
const parameters = new Set(['schema', 'sslmode', 'sslrootcert', 'host', 'port', 'ids']);
const usage = 'write postgres://user@host/database';

/** Whether a text names a server rather than a file. */
export function isServerAddress(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text);
}

/**
 * What is wrong with a text that is to be a file or a server; undefined where nothing is. What only looks
 * like an address is no file: a password in it would be shown with its name.
 */
export function problemOfPlace(text: string): string | undefined {
  if (isServerAddress(text)) {
    const read = readServerAddress(text);
    return 'problem' in read ? read.problem : undefined;
  }
  if (/^postgres(?:ql)?:/i.test(text)) return `is no address: ${usage}`;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return `is an address of another kind: name a file, or ${usage}`;
  }
  const isKeywords = /^\s*(?:host|hostaddr|dbname|password|user|port|service)\s*=/i.test(text);
  return isKeywords ? `is written as keywords: ${usage}` : undefined;
}

/** `problem` is worded to follow "it"; it never shows the text, in which a password may be. */
export function readServerAddress(text: string): ReadAddress {
  const url = parsed(text);
  if (url === undefined) return { problem: `is no address: ${usage}` };
  const [user, password, hostname, path] = [
    url.username,
    url.password,
    url.hostname,
    url.pathname,
  ].map(decoded);
  if (
    user === undefined ||
    password === undefined ||
    hostname === undefined ||
    path === undefined
  ) {
    return { problem: 'has a % that stands for nothing: write % itself as %25' };
  }
  const unknown = [...url.searchParams.keys()].find((key) => !parameters.has(key));
  if (unknown !== undefined) {
    return {
      problem: `has an unknown parameter ${unknown}: use ${[...parameters].join(', ')}`,
    };
  }
  const schema = url.searchParams.get('schema') ?? defaultSchema;
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) {
    return { problem: 'has a schema that is no plain name: use small letters, digits and _' };
  }
  const host = url.searchParams.get('host') ?? hostname;
  // The protocol ends a text at NUL, and labels are shown.
  if (/\p{Cc}/u.test([user, password, host, path].join(''))) {
    return { problem: 'has control characters: leave them out' };
  }
  if (host === '') return { problem: `names no server: ${usage}` };
  if (host.includes(',')) {
    return { problem: 'names several servers: name one, or what stands before them' };
  }
  const port = Number(url.searchParams.get('port') ?? (url.port === '' ? defaultPort : url.port));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return { problem: 'names a port that is none: use 1 to 65535' };
  }
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
  const database = path.slice(1) || 'orchestrator';
  url.password = '';
  url.protocol = 'postgres:';
  url.searchParams.sort();
  const shownPort = port === defaultPort ? '' : `:${port}`;
  const address = {
    url: url.href,
    label: `postgres://${user === '' ? '' : `${user}@`}${host}${shownPort}/${database}`,
    host: host.replace(/^\[(.*)\]$/, '$1'),
    port,
    user: user === '' ? undefined : user,
    database,
    schema,
    authorities,
    isLocal,
    isVerified: !isLocal || (mode !== null && mode !== 'disable'),
    areIdsHashed: ids === 'hashed',
  };
  return { address, ...(password === '' ? {} : { password }) };
}

/** Without a server between the user and the path, as others write it: the parameters name one. */
const withoutServer = /^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[/?#]|$)/i;

function parsed(text: string): URL | undefined {
  const isNamed = /[?&]host=/.test(text);
  const whole = isNamed ? text.replace(withoutServer, '$1localhost') : text;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
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
