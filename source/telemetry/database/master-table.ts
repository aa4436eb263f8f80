import type { Database } from 'better-sqlite3';

/** What a database holds, by its name in small letters (SQLite takes names without case); null as its text where it has none. */
export function sqlByName(database: Database): ReadonlyMap<string, string | null> {
  const rows = database
    .prepare<[], [string, string | null]>('SELECT lower(name), sql FROM sqlite_schema')
    .raw()
    .all();
  return new Map(rows);
}

/** The columns of a table or view with their place in its primary key, from 1, or 0; none where it is missing. */
export function columnsOf(
  database: Database,
  table: string,
): { name: string; type: string; key: number }[] {
  return database
    .prepare<[string], { name: string; type: string; key: number }>(
      'SELECT name, type, pk AS key FROM pragma_table_info(?)',
    )
    .all(table);
}
