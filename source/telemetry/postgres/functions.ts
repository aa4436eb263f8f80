import { recorded, rowKinds } from '../database/columns.ts';

/**
 * What anybody who writes may have done by the owner: the sums are changed by these alone. All of them run
 * with the owner's rights, and name what they use in full.
 */
export function functions(schema: string): string[] {
  const attributes = `SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;
  return [
    // In another cluster ids of transactions begin anew: new rows would pass for summed up ones.
    `CREATE OR REPLACE FUNCTION ${schema}.guard() RETURNS boolean LANGUAGE plpgsql STABLE ${attributes} AS $$
    BEGIN
      ${guardStatement(schema)}
      RETURN true;
    END $$`,
    `CREATE OR REPLACE FUNCTION ${schema}.lock_roll(wanted text)
    RETURNS TABLE (before bigint, pending bigint[], open jsonb, age float8)
    LANGUAGE plpgsql ${attributes} AS $$
    BEGIN
      PERFORM ${schema}.guard();
      INSERT INTO ${schema}.roll_state (layout) VALUES (wanted) ON CONFLICT DO NOTHING;
      RETURN QUERY SELECT s.before, s.pending, s.open, extract(epoch FROM clock_timestamp() - s.rolled_at)::float8
        FROM ${schema}.roll_state s WHERE s.layout = wanted FOR UPDATE SKIP LOCKED;
    EXCEPTION WHEN serialization_failure THEN
      -- Somebody did it since this transaction began.
      RETURN;
    END $$`,
    `CREATE OR REPLACE FUNCTION ${schema}.keep_sums(
      wanted text, new_before bigint, new_pending bigint[], new_open jsonb,
      units text[], starts bigint[], counts bigint[], kept bytea[], gone bigint[])
    RETURNS void LANGUAGE plpgsql ${attributes} AS $$
    BEGIN
      UPDATE ${schema}.roll_state
        SET before = new_before, pending = new_pending, open = new_open, rolled_at = clock_timestamp()
        WHERE layout = wanted AND before <= new_before;
      IF NOT FOUND THEN RAISE EXCEPTION 'sums cannot go back'; END IF;
      INSERT INTO ${schema}.sums AS s (layout, unit, start, rows, sums)
        SELECT wanted, n.unit, n.start, n.rows, n.sums
        FROM unnest(units, starts, counts, kept) AS n (unit, start, rows, sums)
        ON CONFLICT (layout, unit, start) DO UPDATE SET rows = excluded.rows, sums = excluded.sums;
      DELETE FROM ${schema}.sums s WHERE s.layout = wanted AND s.unit = 'hour' AND s.start = ANY (gone);
    END $$`,
    // Begins the sums of a layout anew; the facts stay what they are.
    `CREATE OR REPLACE FUNCTION ${schema}.forget_sums(wanted text) RETURNS void
    LANGUAGE plpgsql ${attributes} AS $$
    BEGIN
      -- Sums of rows that were dropped are all that is left of them.
      DELETE FROM ${schema}.sums s WHERE s.layout = wanted
        AND s.start >= (SELECT dropped_before FROM ${schema}.installation);
      UPDATE ${schema}.roll_state SET before = 0, pending = '{}', open = '{}' WHERE layout = wanted;
    END $$`,
    prepareMonths(schema, attributes),
  ];
}

/** Raises in a restored copy that nobody has set right; with each statement, so it asks for little. */
export function guardStatement(schema: string): string {
  return `IF (SELECT base FROM ${schema}.installation) + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
         < (SELECT coalesce(max(before), 0) FROM ${schema}.roll_state) THEN
        RAISE EXCEPTION 'this database was restored' USING ERRCODE = 'OR001';
      END IF;`;
}

/** Partitions for the months of some times; a month of which rows lie among the others stays with them. */
function prepareMonths(schema: string, attributes: string): string {
  const tables = rowKinds.map((kind) => `'${recorded[kind].table}'`).join(', ');
  return `CREATE OR REPLACE FUNCTION ${schema}.prepare_months(first float8, last float8) RETURNS integer
    LANGUAGE plpgsql ${attributes} SET lock_timeout = '200ms' AS $$
    DECLARE
      month timestamp := date_trunc('month', to_timestamp(first) AT TIME ZONE 'UTC');
      name text; parent text; made integer := 0;
    BEGIN
      IF last - first > 5e8 THEN RETURN 0; END IF;
      WHILE month <= to_timestamp(last) AT TIME ZONE 'UTC' LOOP
        FOREACH parent IN ARRAY ARRAY[${tables}] LOOP
          name := parent || '_' || to_char(month, 'YYYY_MM');
          CONTINUE WHEN EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = '${schema}' AND c.relname = name);
          BEGIN
            EXECUTE format('CREATE TABLE ${schema}.%I PARTITION OF ${schema}.%I FOR VALUES FROM (%L) TO (%L)',
              name, parent, extract(epoch FROM month), extract(epoch FROM month + interval '1 month'));
            made := made + 1;
          EXCEPTION
            -- Nobody who reads or writes is kept waiting, or waited for: there is another time.
            WHEN lock_not_available OR deadlock_detected THEN RETURN made;
            WHEN check_violation OR duplicate_table OR invalid_object_definition THEN NULL;
          END;
        END LOOP;
        month := month + interval '1 month';
      END LOOP;
      RETURN made;
    END $$`;
}
