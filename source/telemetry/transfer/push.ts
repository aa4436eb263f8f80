import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import process from 'node:process';
import { OrchestratorError } from '../../domain/errors.ts';
import { type Batch, noRows, type Row, rowKinds } from '../database/columns.ts';
import { idHiderFor } from '../address/hidden-ids.ts';
import type { Connector } from '../postgres/connector.ts';
import { prepareMonths, writeBatches } from '../postgres/write-batches.ts';
import { openDatabaseWriter } from '../write/database-writer.ts';
import { factKinds, fileName, type FactRow, rowKindOf, tableOf } from './facts.ts';
import { openFileFacts } from './file-facts.ts';
import { rowPages } from './server-facts.ts';

/** Rows of one batch. */
const rowsPerBatch = 1000;

type Carried = { rows: number; known: number };

/**
 * Puts the rows of a local file into a history on a server, each once: what an earlier push brought is
 * passed over, and what was added to the file since then follows.
 */
export async function pushFile(
  connector: Connector,
  file: string,
  onRows: (rows: number) => void,
): Promise<Carried> {
  const { schema } = connector.address;
  const facts = openFileFacts(file);
  const carried: Carried = { rows: 0, known: 0 };
  try {
    for (const kind of factKinds) {
      const rowKind = rowKindOf[kind];
      let writer: string | undefined;
      let through = 0;
      let position = 0;
      let rows: Row[] = [];
      const send = async (): Promise<void> => {
        if (rows.length === 0 || writer === undefined) return;
        const batch: Batch = { ...noRows(), writer, number: position, [rowKind]: rows };
        const times = rows.map((row) => Number(row.at(-1)));
        await connector.use((session) => prepareMonths(session, schema, times));
        await sendAfter(connector, batch, position - rows.length);
        carried.rows += rows.length;
        rows = [];
        onRows(carried.rows);
      };
      for await (const page of facts.pages([kind])) {
        for (const fact of page) {
          if (writer === undefined) {
            writer = writerOf(fact);
            through = await lastNumber(connector, writer);
          }
          position += 1;
          if (position <= through) carried.known += 1;
          else rows.push(rowOf(fact));
          if (rows.length >= rowsPerBatch) await send();
        }
      }
      await send();
    }
    return carried;
  } finally {
    await facts.close();
  }
}

/** Writes a batch if the one before it is the last; rejects where another push of the same file is under way. */
async function sendAfter(connector: Connector, batch: Batch, before: number): Promise<void> {
  const { schema } = connector.address;
  const isNext = await connector.use(async (session) => {
    await session.rows('BEGIN');
    await session.rows('SELECT pg_advisory_xact_lock($1::bigint)', [batch.writer]);
    const [[last] = [0]] = await session.rows<[number]>(
      `SELECT coalesce(max(number), 0) FROM ${schema}.batches WHERE writer = $1`,
      [batch.writer],
    );
    const isAfter = last === before || last === batch.number;
    if (isAfter) await writeBatches(session, schema, [batch], idHiderFor(connector.address));
    await session.rows('COMMIT');
    return isAfter;
  });
  // Not from within, where it would pass for a failure of the server.
  if (!isNext) {
    throw new OrchestratorError(
      'push-elsewhere',
      'Another push of the same file is under way: push again when it has ended.',
    );
  }
}

/** Named by the first row of a file, which is never rewritten. */
function writerOf({ kind, sourceId }: FactRow): string {
  const digest = createHash('sha256').update(`push ${kind} ${sourceId}`).digest();
  return (digest.readBigUInt64BE(0) >> 1n).toString();
}

async function lastNumber(connector: Connector, writer: string): Promise<number> {
  const { schema } = connector.address;
  const [[last] = [null]] = await connector.use((session) =>
    session.rows<[number | null]>(`SELECT max(number) FROM ${schema}.batches WHERE writer = $1`, [
      writer,
    ]),
  );
  return last ?? 0;
}

function rowOf({ kind, fields }: FactRow): Row {
  return tableOf(kind).columns.map(([, field]) => {
    const value = fields[fileName(field)] ?? null;
    return typeof value === 'boolean' ? Number(value) : value;
  });
}

/** Writes the rows of the last days into a new local file, for a laptop or an archive. */
export async function copyToFile(
  connector: Connector,
  { file, from, onRows }: { file: string; from: number; onRows: (rows: number) => void },
): Promise<number> {
  if (existsSync(file)) {
    throw new OrchestratorError(
      'file-exists',
      `${file} is there already: name a new file, so that no row is in it twice.`,
    );
  }
  const { schema } = connector.address;
  // Half a copy must not pass for a whole one: it gets its name when all is in it.
  const half = `${file}.half-${process.pid}`;
  const database = openDatabaseWriter(half);
  let copied = 0;
  try {
    await connector.transaction({ changes: false }, async (session) => {
      for (const [index, kind] of rowKinds.entries()) {
        let number = 0;
        for await (const rows of rowPages(session, { schema, kind, since: from })) {
          const batch = { writer: String(index), number, [kind]: rows.map(([, ...row]) => row) };
          database.write([{ ...noRows(), ...batch }]);
          number += 1;
          copied += rows.length;
          onRows(copied);
        }
      }
    });
    // Of no rows, too, there is a copy.
    database.write([]);
    database.close();
    renameSync(half, file);
  } finally {
    database.close();
    for (const side of ['', '-wal', '-shm']) rmSync(half + side, { force: true });
  }
  return copied;
}
