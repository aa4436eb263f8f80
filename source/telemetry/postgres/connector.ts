import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { telemetryError } from '../database/failure.ts';
import { passwordFor, type ServerAddress } from '../address/server-address.ts';
import { copiedRows } from './copied-rows.ts';
import { classifyServer, isConflict } from './failure.ts';

/** What can be asked of a server within a transaction, or by single statements. */
export type Session = {
  /** The rows of one statement, each as a list of values. */
  rows<Row extends unknown[]>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The same as bytes, see {@link copiedRows}: for what is large. */
  copied(sql: string): Promise<Buffer[][]>;
};

/**
 * One connection to a server, made when it is needed and closed when it is idle. Any failure ends it, so
 * that nothing of a half done conversation is left; rejects with TelemetryErrors.
 */
export type Connector = {
  readonly address: ServerAddress;
  /** One after another, in the order they were asked for. */
  use<Result>(action: (session: Session) => Promise<Result>): Promise<Result>;
  /** Statements, each by itself. */
  readonly single: Session;
  /** On one state of the database, which `changes` or not; undone if the action rejects. */
  transaction<Result>(
    options: { changes: boolean },
    action: (session: Session) => Promise<Result>,
  ): Promise<Result>;
  close(): Promise<void>;
};

export type ConnectorOptions = {
  address: ServerAddress;
  doing: 'reading' | 'writing';
  environment?: NodeJS.ProcessEnv;
  /** How long connecting may take, and one statement, in milliseconds. */
  connectMs?: number;
  statementMs?: number;
  /** How long a connection that nobody uses is kept, in milliseconds. */
  idleMs?: number;
  /** Looks at a server before anything else is asked of it; rejects where it is not the right one. */
  check?: (session: Session) => Promise<unknown>;
};

/** How often what failed because of another transaction is tried, and how long is waited before, in milliseconds. */
const mostAttempts = 6;
const leastWaitMs = 5;

type Open = { client: pg.Client; socket: Socket };

const numberTypes: ReadonlySet<number> = new Set([
  pg.types.builtins.INT8,
  pg.types.builtins.NUMERIC,
]);
/** Stamps and counts stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    numberTypes.has(id) ? Number : pg.types.getTypeParser(id, format),
};

export function createConnector(options: ConnectorOptions): Connector {
  const { address, statementMs = usualStatementMs(options) } = options;
  const line = createLine({ ...options, statementMs });
  let last: Promise<unknown> = Promise.resolve();

  /** What two transactions could not both do is done by one after the other. */
  const again = async <Result>(
    action: (session: Session) => Promise<Result>,
    attempts = mostAttempts,
  ): Promise<Result> => {
    try {
      return await line.attempt(action);
    } catch (error) {
      if (attempts <= 1 || !isConflict(error)) throw error;
      // Not in step with the other one.
      await wait(leastWaitMs * 2 ** (mostAttempts - attempts) * (0.5 + Math.random()));
      return again(action, attempts - 1);
    }
  };

  const use = <Result>(action: (session: Session) => Promise<Result>): Promise<Result> => {
    const result = last.then(() => again(action));
    last = result.catch(() => undefined);
    return result;
  };

  return {
    address,
    use,
    single: {
      rows: (sql, values) => use((session) => session.rows(sql, values)),
      copied: (sql) => use((session) => session.copied(sql)),
    },
    transaction: ({ changes }, action) =>
      use(async (session) => {
        const mode = changes ? 'READ WRITE' : 'READ ONLY';
        await session.rows(
          // Statements over many partitions look dear to it, and would be compiled for longer than they take.
          `BEGIN ISOLATION LEVEL REPEATABLE READ ${mode}; SET LOCAL statement_timeout = ${statementMs};
           SET LOCAL jit = off`,
        );
        const result = await action(session);
        await session.rows('COMMIT');
        return result;
      }),
    async close() {
      line.close();
      await last;
    },
  };
}

const usualStatementMs = ({ doing }: ConnectorOptions): number =>
  doing === 'reading' ? 60_000 : 10_000;

/** The connection of a connector, which comes and goes. */
function createLine({
  address,
  doing,
  environment = process.env,
  connectMs = 3000,
  statementMs,
  idleMs = 10_000,
  check,
}: ConnectorOptions & { statementMs: number }) {
  let open: Open | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Of a connection that is being made, too. */
  let socket: Socket | undefined;

  const discard = (): void => {
    socket?.destroy();
    open = undefined;
  };

  const connect = async (): Promise<Open> => {
    const own = (socket = new Socket());
    const client = new pg.Client({
      ...clientOptions(address, environment),
      stream: () => own,
      connectionTimeoutMillis: connectMs,
      query_timeout: statementMs,
      types,
    });
    // Without a listener a connection that breaks while nobody waits would end the process.
    client.on('error', () => {
      if (open?.client === client) discard();
    });
    try {
      await client.connect();
      await check?.(sessionOf(client));
      return { client, socket: own };
    } catch (error) {
      own.destroy();
      throw error;
    }
  };

  return {
    async attempt<Result>(action: (session: Session) => Promise<Result>): Promise<Result> {
      clearTimeout(idle);
      if (isClosed) throw telemetryError('closed', address.label);
      try {
        // Held: a connection that breaks meanwhile is let go of.
        const opened = (open ??= await connect());
        opened.socket.ref();
        const result = await action(sessionOf(opened.client));
        opened.socket.unref();
        return result;
      } catch (error) {
        discard();
        throw classifyServer(error, address.label, doing);
      } finally {
        idle = setTimeout(discard, idleMs).unref();
      }
    },
    close(): void {
      isClosed = true;
      clearTimeout(idle);
      // Who still waits for an answer hears that there is none.
      discard();
    },
  };
}

const sessionOf = (client: pg.Client): Session => ({
  async rows<Row extends unknown[]>(sql: string, values: readonly unknown[] = []) {
    const { rows } = await client.query<Row>({ text: sql, values: [...values], rowMode: 'array' });
    return rows;
  },
  copied: (sql) => copiedRows(client, sql),
});

function clientOptions(address: ServerAddress, environment: NodeJS.ProcessEnv): pg.ClientConfig {
  const { host, port, user, database, isVerified, authorities } = address;
  const password = passwordFor(address, environment);
  return {
    host,
    port,
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ssl: isVerified && {
      rejectUnauthorized: true,
      host,
      ...(authorities === undefined ? {} : { ca: readFileSync(authorities, 'utf8') }),
    },
    application_name: 'orchestrator',
  };
}
