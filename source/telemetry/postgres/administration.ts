import type { Clock } from '../../domain/runtime.ts';
import { recorded, rowKinds } from '../database/columns.ts';
import { type Connector, createConnector, type Session } from './connector.ts';
import { beyond } from './frontier.ts';
import { initHistory, initStatements } from './init.ts';
import { rollStateOf } from './kept-sums.ts';
import { layoutName } from './packed-sums.ts';
import { rollUp } from './roll.ts';
import { forwardStatements, grantStatements, schemaVersion } from './schema.ts';
import type { ServerAddress } from '../address/server-address.ts';

/** What is there of a history on a server. */
export type ServerStatus = {
  /** Undefined where `history init` was never run. */
  version: number | undefined;
  currentVersion: number;
  installation: string | undefined;
  /** Rows by table; estimated by the server where they are many. */
  rows: Record<string, number>;
  /** Bytes of everything, sums and indexes included. */
  bytes: number;
  /** Batches that are in no sum yet, and how old the sums are, in seconds; undefined before the first. */
  unsummedBatches: number;
  sumsAge: number | undefined;
  /** Runs that go on, or were not ended. */
  openRuns: number;
};

/** Rows from which they are estimated: counting them all would take seconds. */
const countedUpTo = 1_000_000;

/** A connection of the person who runs the server: it waits as long as things take. */
export function administrator(address: ServerAddress): Connector {
  return createConnector({ address, doing: 'writing', connectMs: 10_000, statementMs: 3_600_000 });
}

export async function serverStatus(connector: Connector): Promise<ServerStatus> {
  const { schema } = connector.address;
  return connector.use(async (session) => {
    const version = await versionOf(session, schema);
    const none = { installation: undefined, rows: {}, bytes: 0, unsummedBatches: 0, openRuns: 0 };
    if (version === undefined) {
      return { ...none, version, currentVersion: schemaVersion, sumsAge: undefined };
    }
    const [[installation, bytes] = ['', 0]] = await session.rows<[string, number]>(
      `SELECT id::text,
         (SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '${schema}' AND c.relkind = 'r')
       FROM ${schema}.installation`,
    );
    const kept = await rollStateOf(session, schema);
    const [[unsummedBatches, sumsAge] = [0, null]] = await session.rows<[number, number | null]>(
      `SELECT (SELECT count(*) FROM ${schema}.batches WHERE ${beyond(1, 2)}),
         (SELECT extract(epoch FROM now() - rolled_at)::float8 FROM ${schema}.roll_state
          WHERE layout = $3 AND before > 0)`,
      [kept?.before ?? 0, kept?.pending ?? [], layoutName],
    );
    return {
      version,
      currentVersion: schemaVersion,
      installation,
      rows: await rowsOf(session, schema),
      bytes,
      unsummedBatches,
      sumsAge: sumsAge ?? undefined,
      openRuns: Object.keys(kept?.open ?? {}).length,
    };
  });
}

/** The version of a history; undefined where `history init` was never run. */
async function versionOf(session: Session, schema: string): Promise<number | undefined> {
  const [[isMade] = [false]] = await session.rows<[boolean]>(
    `SELECT to_regclass('${schema}.schema_versions') IS NOT NULL`,
  );
  if (!isMade) return undefined;
  const [[version] = [0]] = await session.rows<[number]>(
    `SELECT max(version) FROM ${schema}.schema_versions`,
  );
  return version;
}

async function rowsOf(session: Session, schema: string): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const kind of rowKinds) {
    const { table } = recorded[kind];
    const [[isThere, estimate] = [false, 0]] = await session.rows<[boolean, number]>(
      `SELECT to_regclass('${schema}.${table}') IS NOT NULL,
         coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint FROM pg_inherits i
       JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass('${schema}.${table}')`,
    );
    // One of an earlier version has fewer.
    if (!isThere) continue;
    if (estimate > countedUpTo) rows[table] = estimate;
    else {
      const [[count] = [0]] = await session.rows<[number]>(
        `SELECT count(*) FROM ${schema}.${table}`,
      );
      rows[table] = count;
    }
  }
  return rows;
}

/** Makes a history, brings an older one forward, or gives the rights on one anew; what was done. */
export async function makeHistory(
  connector: Connector,
): Promise<'made' | 'brought forward' | 'was there'> {
  const { schema } = connector.address;
  return connector.transaction({ changes: true }, async (session) => {
    // Of two at once the second one waits, and then sees what the first one made.
    await session.rows('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    await session.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [schema]);
    const version = await versionOf(session, schema);
    if (version === undefined) {
      await initHistory(session, schema);
      return 'made';
    }
    const forward = forwardStatements(schema, version);
    for (const statement of [...forward, ...grantStatements(schema)]) await session.rows(statement);
    return version < schemaVersion ? 'brought forward' : 'was there';
  });
}

/** All that {@link makeHistory} runs on an empty database, to be read first or run by somebody else. */
export function historyScript(schema: string): string {
  return `BEGIN;\n${initStatements(schema).join(';\n')};\nCOMMIT;\n`;
}

/**
 * Sets right a history that was restored into another cluster, and makes its sums anew from the rows.
 * Returns how many transactions the restored rows were ahead; 0 where nothing was restored.
 */
export async function repairHistory(
  connector: Connector,
  { now, onStep }: { now: Clock; onStep: () => void },
): Promise<number> {
  const { schema } = connector.address;
  const behind = await connector.transaction({ changes: true }, async (session) => {
    // Stamps of other rows than those that are summed up count as well.
    const stamps = ['batches', ...rowKinds.map((kind) => recorded[kind].table)].map(
      (table) => `(SELECT max(stamp) FROM ${schema}.${table})`,
    );
    const [[base, current, highest] = [0, 0, 0]] = await session.rows<[number, number, number]>(
      `SELECT base, pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
         greatest((SELECT max(before) FROM ${schema}.roll_state), ${stamps.join(', ')}, 0)
       FROM ${schema}.installation`,
    );
    const missing = highest - (base + current) + 1;
    if (missing > 0) {
      const moved = base + missing;
      await session.rows(`UPDATE ${schema}.installation SET base = $1`, [moved]);
      for (const table of ['batches', ...rowKinds.map((kind) => recorded[kind].table)]) {
        await session.rows(
          `ALTER TABLE ${schema}.${table} ALTER COLUMN stamp
             SET DEFAULT (pg_current_xact_id()::text::bigint + ${moved})`,
        );
      }
    }
    return Math.max(0, missing);
  });
  // What dashboards have seen of it may be ahead of what comes now.
  await connector.use((session) => session.rows(`TRUNCATE ${schema}.news_pages`));
  await connector.use((session) => session.rows(`SELECT ${schema}.forget_sums($1)`, [layoutName]));
  await sumUpAll(connector, { now, onStep });
  return behind;
}

/** Brings the sums up to now. */
export async function sumUpAll(
  connector: Connector,
  { now, onStep }: { now: Clock; onStep: () => void },
): Promise<void> {
  const limits = { restSeconds: 0, rowsPerStep: 100_000 };
  while (await rollUp(connector, { now, limits })) onStep();
}

export type DroppedRows = { partitions: string[]; others: number };

/**
 * Drops the months that lie before a time as a whole, and rows before it that lie in no month. The sums
 * stay. With `isDryRun` it only tells what would go.
 */
export async function dropBefore(
  connector: Connector,
  before: number,
  { isDryRun }: { isDryRun: boolean },
): Promise<DroppedRows> {
  const { schema } = connector.address;
  return connector.transaction({ changes: !isDryRun }, async (session) => {
    const month = new Date(before * 1000).toISOString().slice(0, 7).replace('-', '_');
    const dropped: DroppedRows = { partitions: [], others: 0 };
    for (const kind of rowKinds) {
      const { table } = recorded[kind];
      const found = await session.rows<[string]>(
        `SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = '${schema}.${table}'::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
           AND right(c.relname, 7) < $1 ORDER BY 1`,
        [month],
      );
      for (const [partition] of found) {
        dropped.partitions.push(partition);
        if (!isDryRun) await session.rows(`DROP TABLE ${schema}.${partition}`);
      }
      const from = `FROM ${schema}.${table}_others WHERE recorded_at < $1`;
      const [[others] = [0]] = await session.rows<[number]>(`SELECT count(*) ${from}`, [before]);
      dropped.others += others;
      if (!isDryRun) await session.rows(`DELETE ${from}`, [before]);
    }
    if (!isDryRun) {
      await session.rows(
        `UPDATE ${schema}.installation SET dropped_before = greatest(dropped_before, $1)`,
        [dropped.partitions.length + dropped.others > 0 ? before : 0],
      );
    }
    return dropped;
  });
}
