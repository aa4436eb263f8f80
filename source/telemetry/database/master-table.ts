import type { Database, Statement } from 'better-sqlite3';

/** What a database holds, by its name in small letters (SQLite takes names without case); null as its text where it has none. */
export function sqlByName(database: Database): ReadonlyMap<string, string | null> {
  const rows = database
    .prepare<[], [string, string | null]>('SELECT lower(name), sql FROM sqlite_schema')
    .raw()
    .all();
  return new Map(rows);
}

type Column = { name: string; type: string; key: number };
/** It is asked several times of every database that is opened. */
const infoOf = new WeakMap<Database, Statement<[string], Column>>();

/** The columns of a table or view with their place in its primary key, from 1, or 0; none where it is missing. */
export function columnsOf(database: Database, table: string): Column[] {
  let statement = infoOf.get(database);
  if (statement === undefined) {
    statement = database.prepare('SELECT name, type, pk AS key FROM pragma_table_info(?)');
    infoOf.set(database, statement);
  }
  return statement.all(table);
}
