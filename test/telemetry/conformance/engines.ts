import Database from 'better-sqlite3';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { countIn, summingUp } from '../../../bench/support/looks.ts';
import type { HistoryEngine } from '../../../source/telemetry/engine.ts';
import { openTelemetryStore, type TelemetryStore } from '../../../source/telemetry/index.ts';
import { serverEngine } from '../../../source/telemetry/postgres/engine.ts';
import { rollUp } from '../../../source/telemetry/postgres/roll.ts';
import { sqliteEngine } from '../../../source/telemetry/sqlite/engine.ts';
import {
  allRows,
  type CallColumns,
  type EventColumns,
  type SnapshotColumns,
} from '../brute-force.ts';
import type { Rows } from '../brute-force.ts';
import { isWithoutServer, serverHistory } from '../../support/postgres.ts';
import { temporaryDirectory } from '../support.ts';

/** A history to be written to and read from, whatever keeps it. */
export type Subject = {
  path: string;
  store(now?: () => number): TelemetryStore;
  engine(): HistoryEngine;
  /** A step of whatever it sums up of the past. */
  sumUp: () => void | Promise<void>;
  /** All that is recorded. */
  rows(): Promise<Rows>;
  countFrom: (from: number) => Promise<number>;
};

type Engine = { name: string; create: (options?: { isMade: boolean }) => Promise<Subject> };

/** Every engine that is there; another is a line here. */
export const engines: Engine[] = [
  { name: 'sqlite', create: createFile },
  ...(isWithoutServer ? [] : [{ name: 'postgres', create: createServer }]),
];

const storeOf =
  (path: string) =>
  (now?: () => number): TelemetryStore =>
    openTelemetryStore({ path, ...(now === undefined ? {} : { now }) });

async function createFile(): Promise<Subject> {
  const path = join(temporaryDirectory(), 'telemetry.db');
  const sums = summingUp(path);
  onTestFinished(sums.close);
  return {
    path,
    sumUp: sums.step,
    store: storeOf(path),
    engine: () => sqliteEngine(path, { busyTimeoutMs: 2000 }),
    async rows() {
      const database = new Database(path, { readonly: true });
      try {
        return allRows(database);
      } finally {
        database.close();
      }
    },
    countFrom: countIn(path),
  };
}

async function createServer({ isMade } = { isMade: true }): Promise<Subject> {
  const { path, address, connector } = await serverHistory({ isMade });
  const { schema } = address;
  const numbered = `|| jsonb_build_object('unscored', unscored::integer)`;
  const all = <Row>(table: string, more = ''): Promise<Row[]> =>
    connector.use(async (session) => {
      const rows = await session.rows<[Row]>(
        `SELECT to_jsonb(t) ${more} FROM ${schema}.${table} t`,
      );
      return rows.map(([row]) => row);
    });
  const limits = { restSeconds: 0, rowsPerStep: 500, denseRows: 50 };
  return {
    path,
    store: storeOf(path),
    engine: () => serverEngine(address),
    async sumUp() {
      await rollUp(connector, { now: () => Date.now() / 1000, limits });
    },
    rows: async () => ({
      events: await all<EventColumns>('routing_events', numbered),
      snapshots: await all<SnapshotColumns>('model_snapshots', numbered),
      calls: await all<CallColumns>('model_calls'),
    }),
    async countFrom(from) {
      const [[count] = [0]] = await connector.use((session) =>
        session.rows<[number]>(
          `SELECT count(*) FROM ${schema}.routing_events WHERE recorded_at >= $1`,
          [from],
        ),
      );
      return count;
    },
  };
}
