import { recorded, type RowKind, rowKinds } from '../database/columns.ts';
import { functions } from './functions.ts';
import { liveRunStatements } from './live-runs.ts';
import { pageStatements } from './pages.ts';
import { columnsOf, typeOf, writeFunction } from './write-batches.ts';

/** What `history init` makes; an older one is brought forward by it, a newer one needs a newer program. */
export const schemaVersion = 2;

/** The statements that make everything, in their order, for one schema. */
export function schemaStatements(schema: string): string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS ${schema}`,
    `CREATE TABLE ${schema}.schema_versions (
      version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    // base is what a restore adds to the ids of transactions, which begin anew in another cluster.
    `CREATE TABLE ${schema}.installation (
      id uuid NOT NULL DEFAULT gen_random_uuid(), name text,
      base bigint NOT NULL DEFAULT 0, dropped_before float8 NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now())`,
    `INSERT INTO ${schema}.installation DEFAULT VALUES`,
    `CREATE TABLE ${schema}.batches (
      writer bigint NOT NULL, number integer NOT NULL, ${stamp(0)},
      at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (writer, number))`,
    `CREATE INDEX ON ${schema}.batches (stamp)`,
    ...rowKinds.flatMap((kind) => factTable(schema, kind)),
    // Unique over all partitions, which a partitioned table cannot be.
    `CREATE TABLE ${schema}.call_ids (
      project_id text NOT NULL, call_id text NOT NULL, PRIMARY KEY (project_id, call_id))`,
    ...sumTables(schema),
    ...repeatable(schema),
    `INSERT INTO ${schema}.schema_versions (version) VALUES (${schemaVersion})`,
  ];
}

/** What may be run again, and brings what is there to this version. */
const repeatable = (schema: string): string[] => [
  ...functions(schema),
  writeFunction(schema),
  ...liveRunStatements(schema),
  ...pageStatements(schema),
];

/**
 * The statements that bring a history of an earlier version to this one, in their order; of this version,
 * what is missing of it. A newer one is left as it is.
 */
export function forwardStatements(schema: string, from: number): string[] {
  if (from > schemaVersion) return [];
  return [
    ...(from < 2 ? [...factTable(schema, 'tags'), ...basedAsOthers(schema, 'tags')] : []),
    ...repeatable(schema),
    ...(from < schemaVersion
      ? [`INSERT INTO ${schema}.schema_versions (version) VALUES (${schemaVersion})`]
      : []),
  ];
}

/** Stamps of a new table go on where those of the others are, also in a history that was restored. */
function basedAsOthers(schema: string, kind: RowKind): string[] {
  const name = `${schema}.${recorded[kind].table}`;
  return [
    `DO $$ BEGIN
      EXECUTE format('ALTER TABLE ${name} ALTER COLUMN stamp
        SET DEFAULT (pg_current_xact_id()::text::bigint + %s)', (SELECT base FROM ${schema}.installation));
    END $$`,
  ];
}

const stamp = (base: number): string =>
  `stamp bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint + ${base})`;

/** Sums of the past: a cache, which only functions of the owner change. */
function sumTables(schema: string): string[] {
  return [
    `CREATE TABLE ${schema}.sums (
      layout text NOT NULL, unit text NOT NULL, start bigint NOT NULL, rows bigint NOT NULL,
      sums bytea NOT NULL, PRIMARY KEY (layout, unit, start))`,
    `ALTER TABLE ${schema}.sums ALTER COLUMN sums SET STORAGE EXTERNAL`,
    `CREATE TABLE ${schema}.roll_state (
      layout text PRIMARY KEY, before bigint NOT NULL DEFAULT 0,
      pending bigint[] NOT NULL DEFAULT '{}', open jsonb NOT NULL DEFAULT '{}',
      rolled_at timestamptz NOT NULL DEFAULT 'epoch')`,
  ];
}

function factTable(schema: string, kind: RowKind): string[] {
  const { table, columns, score } = recorded[kind];
  const definitions = columns.map(([column, , type]) => {
    const isRequired = !type.check(null) || column === score;
    return `${column} ${typeOf(type)}${isRequired ? ' NOT NULL' : ''}`;
  });
  const name = `${schema}.${table}`;
  return [
    `CREATE TABLE ${name} (
      id bigint GENERATED ALWAYS AS IDENTITY (CACHE 100), ${definitions.join(', ')},
      ${score === undefined ? '' : 'unscored boolean NOT NULL DEFAULT false,'} ${stamp(0)},
      PRIMARY KEY (stamp, id, recorded_at)) PARTITION BY RANGE (recorded_at)`,
    `CREATE INDEX ON ${name} USING brin (recorded_at float8_minmax_multi_ops)
      WITH (pages_per_range = 32, autosummarize = on)`,
    `CREATE INDEX ON ${name} (project_id)`,
    // No clock can make an insert fail.
    `CREATE TABLE ${name}_others PARTITION OF ${name} DEFAULT`,
  ];
}

const groups = { writer: 'orchestrator_writer', reader: 'orchestrator_reader' } as const;

/** What the two groups of users may do: nobody but the owner changes or deletes anything. */
export function grantStatements(schema: string): string[] {
  const { writer, reader } = groups;
  const inserts = [
    `GRANT INSERT (writer, number) ON ${schema}.batches TO ${writer}`,
    `GRANT INSERT ON ${schema}.call_ids TO ${writer}`,
    ...rowKinds.map(
      (kind) =>
        `GRANT INSERT (${columnsOf(kind)}) ON ${schema}.${recorded[kind].table} TO ${writer}`,
    ),
  ];
  return [
    `GRANT USAGE ON SCHEMA ${schema} TO ${writer}, ${reader}`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${writer}, ${reader}`,
    ...inserts,
    `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schema} FROM PUBLIC`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${writer}`,
    // Sums are begun anew by who runs the server alone.
    `REVOKE EXECUTE ON FUNCTION ${schema}.forget_sums(text) FROM ${writer}`,
    `GRANT EXECUTE ON FUNCTION ${schema}.guard(), ${schema}.look(bigint, integer), ${schema}.make_page(integer) TO ${reader}`,
  ];
}

/** Makes the two groups where they are missing; needs the right to make roles. */
export function groupStatements(): string[] {
  return Object.values(groups).map(
    (group) => `DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${group}') THEN CREATE ROLE ${group} NOLOGIN; END IF;
    END $$`,
  );
}
