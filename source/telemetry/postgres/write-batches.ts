import { recorded } from '../write/columns.ts';
import { type Batch, type RowKind, underItsName } from '../write/rows.ts';
import type { Session } from './connector.ts';
import { scoreColumns, typeOf } from './schema.ts';

/** Puts those batches in that are not there already: one statement, so all of each or nothing. */
export async function writeBatches(
  session: Session,
  schema: string,
  batches: readonly Batch[],
): Promise<void> {
  // With nothing bound to a session: a pool between may give every statement another one.
  await session.rows(writeStatement(schema), [JSON.stringify(batches.map(underItsName))]);
}

const statements = new Map<string, string>();

function writeStatement(schema: string): string {
  let statement = statements.get(schema);
  if (statement === undefined) statements.set(schema, (statement = statementFor(schema)));
  return statement;
}

function statementFor(schema: string): string {
  return `WITH given AS MATERIALIZED (
      SELECT DISTINCT ON (1, 2) (b->>'writer')::bigint AS writer, (b->>'number')::integer AS number, b
      FROM jsonb_array_elements($1::jsonb) AS b),
    guarded AS MATERIALIZED (SELECT ${schema}.guard() AS is_right),
    fresh AS (INSERT INTO ${schema}.batches (writer, number)
      SELECT writer, number FROM given, guarded WHERE is_right ON CONFLICT DO NOTHING
      RETURNING writer, number),
    events AS (${insert(schema, 'events')}),
    snapshots AS (${insert(schema, 'snapshots')}),
    outcomes AS (${insert(schema, 'outcomes')}),
    offered AS MATERIALIZED (
      SELECT DISTINCT ON (r->>0, r->>1) r ${rowsOf('calls')} ORDER BY r->>0, r->>1),
    known AS (INSERT INTO ${schema}.call_ids (project_id, call_id)
      SELECT r->>0, r->>1 FROM offered ON CONFLICT DO NOTHING RETURNING project_id, call_id)
    INSERT INTO ${schema}.model_calls (${columnsOf('calls')}) SELECT ${valuesOf('calls')}
      FROM offered JOIN known ON (project_id, call_id) = (r->>0, r->>1)`;
}

const rowsOf = (kind: RowKind): string =>
  `FROM given JOIN fresh USING (writer, number), jsonb_array_elements(b->'${kind}') AS r`;

function insert(schema: string, kind: RowKind): string {
  const { table } = recorded[kind];
  return `INSERT INTO ${schema}.${table} (${columnsOf(kind)}) SELECT ${valuesOf(kind)} ${rowsOf(kind)}`;
}

function columnsOf(kind: RowKind): string {
  const names = recorded[kind].columns.map(([column]) => column);
  return [...names, ...(scoreColumns[kind] === undefined ? [] : ['unscored'])].join(', ');
}

function valuesOf(kind: RowKind): string {
  const score = scoreColumns[kind];
  const values = recorded[kind].columns.map(([column], index) => {
    const type = typeOf(column);
    const value = type === 'text' ? `r->>${index}` : `(r->>${index})::${type}`;
    return column === score ? `coalesce(${value}, 0)` : value;
  });
  const position = recorded[kind].columns.findIndex(([column]) => column === score);
  if (position >= 0) values.push(`r->>${position} IS NULL`);
  return values.join(', ');
}
