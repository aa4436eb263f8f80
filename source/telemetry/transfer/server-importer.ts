import { type Batch, noRows, recorded, type Row } from '../database/columns.ts';
import { idHiderFor } from '../address/hidden-ids.ts';
import { checkServer } from '../postgres/check.ts';
import { createConnector, type Session } from '../postgres/connector.ts';
import { rollUp } from '../postgres/roll.ts';
import { prepareMonths, typeOf, writeBatches } from '../postgres/write-batches.ts';
import type { ServerAddress } from '../address/server-address.ts';
import { onceOf } from '../write/validate.ts';
import { type FactKind, factKinds, rowKindOf, tableOf } from './facts.ts';
import { createImporter, identifying, type Importer, type ImportRows } from './records.ts';

/** Records of one statement. */
const recordsAtOnce = 2000;
/** One statement may wait for a busy server so long, in milliseconds. */
const statementMs = 600_000;

type Named = Batch & { once: { writer: string; number: number } };
type Waiting = { kind: FactKind; row: Row; isCopy: boolean; batch: Named; tags: readonly Row[] };

/**
 * Opens a history on a server for records of a `source`. Each is a batch of its own, named by what names it in its
 * source: it counts once, whoever brings it and however often.
 */
export function openServerImporter(address: ServerAddress, source: string): Importer {
  const { schema } = address;
  const connector = createConnector({
    address,
    doing: 'writing',
    statementMs,
    idleMs: statementMs,
    check: (session) => checkServer(session, address, process.env, 'writing'),
  });
  /** Rows with lower stamps were there before. */
  let start: number | undefined;

  return createImporter({
    async write(given) {
      const hide = idHiderFor(address);
      const records = given.map((record): Waiting => {
        const named = namedBatch(record, source);
        const batch = { ...(hide?.batch(named) ?? named), once: named.once };
        const { tags, ...rest } = batch;
        const [row = []] = batch[rowKindOf[record.kind]];
        const isTag = record.kind === 'tag';
        return {
          ...record,
          row,
          batch: { ...rest, tags: isTag ? tags : [] },
          tags: isTag ? [] : tags,
        };
      });
      start ??= await connector.use((session) => nextStamp(session, schema));
      const first = start;
      const times = records.map(({ row }) => Number(row.at(-1)));
      await connector.use((session) => prepareMonths(session, schema, times));
      return connector.transaction({ changes: true }, async (session) => {
        let added = 0;
        for (let from = 0; from < records.length; from += recordsAtOnce) {
          const page = records.slice(from, from + recordsAtOnce);
          added += await writePage(session, schema, page, first);
        }
        return added;
      });
    },
    sumUp() {
      const limits = { restSeconds: 0, rowsPerStep: 100_000 };
      return rollUp(connector, { now: () => Date.now() / 1000, limits });
    },
    close: () => connector.close(),
  });
}

function namedBatch({ sourceId, kind, row, call, tags = [] }: ImportRows, source: string): Named {
  const once = onceOf(`import ${source}`, sourceId);
  const rows = { ...noRows(), calls: call === undefined ? [] : [call], tags: [...tags] };
  return { ...once, ...rows, [rowKindOf[kind]]: [row], once };
}

async function nextStamp(session: Session, schema: string): Promise<number> {
  const [[stamp] = [0]] = await session.rows<[number]>(
    `SELECT base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM ${schema}.installation`,
  );
  return stamp;
}

/** Writes those that are new, and tags that changed of all; how many were new. */
async function writePage(
  session: Session,
  schema: string,
  page: readonly Waiting[],
  start: number,
): Promise<number> {
  const known = await knownNames(session, schema, page);
  const fresh: Waiting[] = [];
  for (const record of page) {
    const name = nameOf(record.batch);
    if (known.has(name)) continue;
    known.add(name);
    fresh.push(record);
  }
  const present = await presentIn(
    session,
    schema,
    fresh.filter(({ isCopy }) => isCopy),
    start,
  );
  const added = fresh.filter((record) => !present.has(record));
  const batches = added.map(({ batch }) => batch);
  const tags = await changedTags(
    session,
    schema,
    page.flatMap((record) => record.tags),
  );
  if (batches.length > 0) await writeBatches(session, schema, batches);
  if (tags.length > 0) {
    const name = onceOf('import tags', JSON.stringify(tags));
    await writeBatches(session, schema, [{ ...noRows(), ...name, tags }]);
  }
  return added.length;
}

const nameOf = ({ once }: Named): string => `${once.writer} ${once.number}`;

async function knownNames(
  session: Session,
  schema: string,
  page: readonly Waiting[],
): Promise<Set<string>> {
  const names = page.map(({ batch }) => batch.once);
  const rows = await session.rows<[string]>(
    `SELECT b.writer || ' ' || b.number FROM unnest($1::bigint[], $2::integer[]) AS n (writer, number)
     JOIN ${schema}.batches b USING (writer, number)`,
    [names.map(({ writer }) => writer), names.map(({ number }) => number)],
  );
  return new Set(rows.map(([name]) => name));
}

/** Copies of rows that were there before: recorded, and never imported. */
async function presentIn(
  session: Session,
  schema: string,
  copies: readonly Waiting[],
  start: number,
): Promise<ReadonlySet<Waiting>> {
  const present = new Set<Waiting>();
  for (const kind of factKinds) {
    const ofKind = copies.filter((copy) => copy.kind === kind);
    if (ofKind.length === 0) continue;
    const { table, columns } = tableOf(kind);
    const wanted = new Set(identifying[kind]);
    const same = columns.flatMap(([name, , type], place) => {
      if (!wanted.has(name)) return [];
      const value = `(r->>${place})::${typeOf(type)}`;
      // Only of equality an index is asked.
      return name === 'project_id' ? `${name} = ${value}` : `${name} IS NOT DISTINCT FROM ${value}`;
    });
    const rows = await session.rows<[number]>(
      `SELECT place FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e (r, place)
       WHERE EXISTS (SELECT FROM ${schema}.${table} WHERE stamp < $2 AND ${same.join(' AND ')})`,
      [JSON.stringify(ofKind.map(({ row }) => row)), start],
    );
    for (const [place] of rows) {
      const copy = ofKind[place - 1];
      if (copy !== undefined) present.add(copy);
    }
  }
  return present;
}

/** Those that are not what was said last of their tasks, up to the same time. */
async function changedTags(session: Session, schema: string, tags: readonly Row[]): Promise<Row[]> {
  if (tags.length === 0) return [];
  const table = `${schema}.${recorded.tags.table}`;
  const rows = await session.rows<[number]>(
    `SELECT place FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS e (r, place)
     WHERE (r->>3) IS DISTINCT FROM (
       SELECT tag_value FROM ${table} WHERE project_id = r->>0 AND task_id IS NOT DISTINCT FROM r->>1
         AND tag_name = r->>2 AND recorded_at <= (r->>4)::float8
       ORDER BY recorded_at DESC, stamp DESC, id DESC LIMIT 1)`,
    [JSON.stringify(tags)],
  );
  return rows.flatMap(([place]) => {
    const tag = tags[place - 1];
    return tag === undefined ? [] : [tag];
  });
}
