import type { Database } from 'better-sqlite3';
import { existsSync } from 'node:fs';
import { defined } from '../domain/defined.ts';
import { classify } from './database/failure.ts';
import { schemaVersion, tablesOf, versionOf } from './database/schema.ts';
import { openConnection } from './sqlite/engine.ts';
import { rollupsPathOf } from './sqlite/rollups.ts';
import { isServerAddress } from './address/server-address.ts';
import { waitingRecords, type WaitingRecords } from './write/spool.ts';

/** What is there of a history in a file, without a change to any of it. */
export type HistoryStatus = {
  path: string;
  /** `server`: only a server can tell. */
  status: 'ready' | 'missing' | 'failed' | 'server';
  /** What is the matter, in one sentence with its remedy. */
  problem?: string;
  /** `PRAGMA user_version`, and the one that this program writes. */
  version?: number;
  currentVersion: number;
  /** Rows by table. */
  rows: Record<string, number>;
  /** Unix seconds of the first and last routing event. */
  from?: number;
  to?: number;
  /** The sums of the past, which are made anew where they are missing. */
  rollups: { path: string; exists: boolean };
  waiting: readonly WaitingRecords[];
};

/** How long a lock is waited for, in milliseconds. */
const busyTimeoutMs = 500;

const counted = ['routing_events', 'model_snapshots', 'model_calls', 'outcomes'] as const;

/** Looks at a history; never throws. */
export function historyStatus(path: string): HistoryStatus {
  const rollups = rollupsPathOf(path);
  const common = {
    path,
    currentVersion: schemaVersion,
    rollups: { path: rollups, exists: existsSync(rollups) },
    waiting: waitingOf(path),
  };
  if (isServerAddress(path)) return { ...common, status: 'server', rows: {} };
  if (!existsSync(path)) return { ...common, status: 'missing', rows: {} };
  const connection = openConnection(path, { busyTimeoutMs, openSums: () => undefined });
  try {
    return connection.use(({ connection: database, newerSchema }) => ({
      ...common,
      status: 'ready',
      ...contentOf(database),
      ...(newerSchema === undefined
        ? {}
        : {
            problem: `${path} was written by a newer version of this program (${newerSchema}, and this one writes ${schemaVersion}): it can be read, and is not written until you update.`,
          }),
    }));
  } catch (error) {
    const { message } = classify(error, path, 'reading');
    return { ...common, status: 'failed', rows: {}, problem: message };
  } finally {
    connection.close();
  }
}

function contentOf(database: Database): Pick<HistoryStatus, 'rows' | 'version' | 'from' | 'to'> {
  const tables = tablesOf(database);
  const rows = counted
    .filter((table) => tables.has(table))
    .map((table) => [table, numberOf(database, `SELECT count(*) FROM ${table}`) ?? 0] as const);
  const from = numberOf(database, 'SELECT min(recorded_at) FROM routing_events');
  const to = numberOf(database, 'SELECT max(recorded_at) FROM routing_events');
  return {
    rows: Object.fromEntries(rows),
    version: versionOf(database),
    ...defined({ from, to }),
  };
}

function numberOf(database: Database, sql: string): number | undefined {
  return database.prepare<[], number | null>(sql).pluck().get() ?? undefined;
}

function waitingOf(path: string): WaitingRecords[] {
  try {
    return waitingRecords(path);
  } catch {
    // A folder that cannot be listed is told with the folders.
    return [];
  }
}
