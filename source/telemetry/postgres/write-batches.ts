import type { IdHider } from '../address/hidden-ids.ts';
import {
  type Batch,
  type ColumnKind,
  columnNames,
  recorded,
  type RowKind,
  rowKinds,
  underItsName,
} from '../database/columns.ts';
import type { Session } from './connector.ts';
import { guardStatement } from './functions.ts';

/**
 * Puts those batches in that are not there already: all of each or nothing, and all of them in one statement
 * unless some are there and some are not.
 */
export async function writeBatches(
  session: Session,
  schema: string,
  batches: readonly Batch[],
  /** Where ids do not leave the machine as they are. */
  hide?: IdHider,
): Promise<void> {
  const byName = new Map<string, Batch>();
  for (const batch of batches) {
    const named = underItsName(hide?.batch(batch) ?? batch);
    const name = `${named.writer} ${named.number}`;
    if (!byName.has(name)) byName.set(name, named);
  }
  await writeTogether(session, schema, [...byName.values()]);
}

/** Halves of what is there in part are there as a whole, or not at all, after a few steps. */
async function writeTogether(
  session: Session,
  schema: string,
  batches: readonly Batch[],
): Promise<void> {
  if (batches.length === 0) return;
  const kinds = rowKinds.filter((kind) => batches.some((batch) => batch[kind].length > 0));
  const given = kinds.map((kind, index) => `, ${kind} => $${index + 3}`).join('');
  const [[isDone] = [false]] = await session.rows<[boolean]>(
    `SELECT ${schema}.write_batches($1, $2${given})`,
    [
      batches.map(({ writer }) => writer),
      batches.map(({ number }) => number),
      ...kinds.map((kind) => recordsOf(kind, batches)),
    ],
  );
  if (isDone) return;
  const half = Math.ceil(batches.length / 2);
  await writeTogether(session, schema, batches.slice(0, half));
  await writeTogether(session, schema, batches.slice(half));
}

/** Rows as an array of records of their table, in the server's text form: it reads that far faster than JSON. */
function recordsOf(kind: RowKind, batches: readonly Batch[]): string {
  // Its own columns stand around: the id, and after those of a row whether it is unscored, and the stamp.
  const end = recorded[kind].score === undefined ? ',' : ',,';
  const records = batches.flatMap((batch) =>
    batch[kind].map((row) => `"(,${row.map(fieldOf).join(',')}${end})"`),
  );
  return `{${records.join(',')}}`;
}

/** Quoted as a field of a record, and that as a part of an array. */
function fieldOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  // Nothing between two commas is null.
  if (typeof value !== 'string') return '';
  return `\\"${/["\\]/.test(value) ? value.replaceAll(/["\\]/g, String.raw`\\\$&`) : value}\\"`;
}

/** Makes the partitions for the months of some times. */
export async function prepareMonths(
  session: Session,
  schema: string,
  times: readonly number[],
): Promise<void> {
  const [first, last] = times.reduce(
    ([least, most], time) => [Math.min(least, time), Math.max(most, time)] as const,
    [Infinity, -Infinity] as const,
  );
  await session.rows(`SELECT ${schema}.prepare_months($1, $2)`, [first, last]);
}

/**
 * The function behind {@link writeBatches}, with the rights of who calls it; whether all is there now, or else
 * nothing was done. Its plans are kept by the server whoever connects: a pool between may give every statement
 * another connection.
 */
export function writeFunction(schema: string): string {
  const rows = rowKinds.map((kind) => `${kind} ${schema}.${recorded[kind].table}[] DEFAULT NULL`);
  const inserts = rowKinds.map(
    (kind) => `IF ${kind} IS NOT NULL THEN ${insert(schema, kind)}; END IF;`,
  );
  const add = `INSERT INTO ${schema}.batches (writer, number)`;
  return `CREATE OR REPLACE FUNCTION ${schema}.write_batches(
      writers bigint[], numbers integer[], ${rows.join(', ')})
    RETURNS boolean LANGUAGE plpgsql AS $$
    #variable_conflict use_column
    DECLARE known integer;
    BEGIN
      ${guardStatement(schema)}
      IF cardinality(writers) = 1 THEN
        ${add} VALUES (writers[1], numbers[1]) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN RETURN true; END IF;
      ELSE
        SELECT count(*) INTO known FROM ${schema}.batches
          WHERE (writer, number) IN (SELECT * FROM unnest(writers, numbers));
        IF known > 0 THEN RETURN known = cardinality(writers); END IF;
        -- Where another one writes some of them right now it fails, and is tried again.
        ${add} SELECT * FROM unnest(writers, numbers);
      END IF;
      ${inserts.join('\n      ')}
      RETURN true;
    END $$`;
}

function insert(schema: string, kind: RowKind): string {
  const into = `INSERT INTO ${schema}.${recorded[kind].table} (${columnsOf(kind)})`;
  if (kind !== 'calls') return `${into} SELECT ${valuesOf(kind)} FROM unnest(${kind})`;
  // A resumed run offers the calls of its earlier parts again.
  return `WITH offered AS MATERIALIZED (
      SELECT DISTINCT ON (project_id, call_id) * FROM unnest(calls) ORDER BY project_id, call_id),
    known AS (INSERT INTO ${schema}.call_ids (project_id, call_id)
      SELECT project_id, call_id FROM offered ON CONFLICT DO NOTHING RETURNING project_id, call_id)
    ${into} SELECT ${valuesOf(kind)} FROM offered JOIN known USING (project_id, call_id)`;
}

/** The columns that are written of a kind; beside a score whether it is none. */
export const columnsOf = (kind: RowKind): string =>
  [...columnNames(kind), ...(recorded[kind].score === undefined ? [] : ['unscored'])].join(', ');

/** The server's name of a type. */
export const typeOf = ({ type }: ColumnKind): string =>
  type === 'text' ? type : type === 'number' ? 'float8' : 'integer';

function valuesOf(kind: RowKind): string {
  const { score } = recorded[kind];
  const values = columnNames(kind).map((column) =>
    column === score ? `coalesce(${column}, 0)` : column,
  );
  if (score !== undefined) values.push(`${score} IS NULL`);
  return values.join(', ');
}
