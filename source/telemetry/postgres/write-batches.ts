import type { IdHider } from '../hidden-ids.ts';
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

/** Puts those batches in that are not there already: one statement, so all of each or nothing. */
export async function writeBatches(
  session: Session,
  schema: string,
  batches: readonly Batch[],
  /** Where ids do not leave the machine as they are. */
  hide?: IdHider,
): Promise<void> {
  const kinds = rowKinds.filter((kind) => batches.some((batch) => batch[kind].length > 0));
  await session.rows(`SELECT ${schema}.write_batches($1::jsonb, $2::text[])`, [
    JSON.stringify(batches.map((batch) => underItsName(hide?.batch(batch) ?? batch))),
    kinds,
  ]);
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
 * The function behind {@link writeBatches}, with the rights of who calls it. Its plans are kept by the
 * server whoever connects: a pool between may give every statement another connection.
 */
export function writeFunction(schema: string): string {
  const inserts = rowKinds.map(
    (kind) => `IF '${kind}' = ANY (kinds) THEN ${insert(schema, kind)}; END IF;`,
  );
  const add = `INSERT INTO ${schema}.batches (writer, number)`;
  return `CREATE OR REPLACE FUNCTION ${schema}.write_batches(given jsonb, kinds text[]) RETURNS void
    LANGUAGE plpgsql AS $$
    DECLARE fresh jsonb; written integer;
    BEGIN
      ${guardStatement(schema)}
      IF jsonb_array_length(given) = 1 THEN
        ${add} VALUES (${name('(given->0)')}) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN RETURN; END IF;
        fresh := given;
      ELSE
        WITH added AS (${add} SELECT DISTINCT ${name('b')} FROM jsonb_array_elements(given) AS b
            ON CONFLICT DO NOTHING RETURNING writer, number)
          SELECT count(*), jsonb_object_agg(writer || ' ' || number, true) INTO written, fresh FROM added;
        IF written = 0 THEN RETURN; END IF;
        IF written = jsonb_array_length(given) THEN fresh := given;
        ELSE
          SELECT jsonb_agg(b) INTO fresh FROM (
            SELECT DISTINCT ON (b->>'writer', b->>'number') b FROM jsonb_array_elements(given) AS b
            WHERE fresh ? ((b->>'writer') || ' ' || (b->>'number'))) AS d;
        END IF;
      END IF;
      ${inserts.join('\n      ')}
    END $$`;
}

const name = (batch: string): string =>
  `(${batch}->>'writer')::bigint, (${batch}->>'number')::integer`;

function insert(schema: string, kind: RowKind): string {
  const into = `INSERT INTO ${schema}.${recorded[kind].table} (${columnsOf(kind)})`;
  const rows = `FROM jsonb_array_elements(fresh) AS b, jsonb_array_elements(b->'${kind}') AS r`;
  if (kind !== 'calls') return `${into} SELECT ${valuesOf(kind)} ${rows}`;
  // A resumed run offers the calls of its earlier parts again.
  return `WITH offered AS MATERIALIZED (
      SELECT DISTINCT ON (r->>0, r->>1) r ${rows} ORDER BY r->>0, r->>1),
    known AS (INSERT INTO ${schema}.call_ids (project_id, call_id)
      SELECT r->>0, r->>1 FROM offered ON CONFLICT DO NOTHING RETURNING project_id, call_id)
    ${into} SELECT ${valuesOf(kind)} FROM offered
      JOIN known ON (project_id, call_id) = (r->>0, r->>1)`;
}

/** The columns that are written of a kind; beside a score whether it is none. */
export const columnsOf = (kind: RowKind): string =>
  [...columnNames(kind), ...(recorded[kind].score === undefined ? [] : ['unscored'])].join(', ');

/** The server's name of a type. */
export const typeOf = ({ type }: ColumnKind): string =>
  type === 'text' ? type : type === 'number' ? 'float8' : 'integer';

function valuesOf(kind: RowKind): string {
  const { columns, score = '' } = recorded[kind];
  const values = columns.map(([column, , type], index) => {
    const value = type.type === 'text' ? `r->>${index}` : `(r->>${index})::${typeOf(type)}`;
    return column === score ? `coalesce(${value}, 0)` : value;
  });
  const position = columnNames(kind).indexOf(score);
  if (position >= 0) values.push(`r->>${position} IS NULL`);
  return values.join(', ');
}
