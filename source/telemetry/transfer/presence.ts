import type { Database } from 'better-sqlite3';
import { recorded } from '../write/columns.ts';
import type { Row } from '../write/rows.ts';
import { type FactKind, rowKindOf } from './fact-rows.ts';

/** The columns that tell a row from all others, those of an index first. */
export const identifying: Record<FactKind, readonly string[]> = {
  task: ['model_chosen', 'task_type', 'recorded_at', 'project_id', 'task_id'],
  snapshot: ['model', 'task_type', 'recorded_at', 'project_id'],
  call: ['project_id', 'call_id'],
  outcome: recorded.outcomes.columns.map(([column]) => column),
  tag: ['project_id', 'task_id', 'tag_name', 'tag_value', 'recorded_at'],
};

/**
 * Whether a history had a row before it was opened for importing: a copy of what it has itself counts once,
 * though it was recorded and never imported. Rows that came since are told by their names alone, so that
 * equal ones of one file all count.
 */
export function createPresence(connection: Database): (kind: FactKind, row: Row) => boolean {
  const lastOf = (table: string): number =>
    Number(connection.prepare(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck().get());
  const seekers = {
    task: seeker(identifying.task),
    snapshot: seeker(identifying.snapshot),
    call: seeker(identifying.call),
    tag: seeker(identifying.tag),
  };
  let outcomes: Set<string> | undefined;

  /** Looks up by the columns of the table's index first. */
  function seeker(names: readonly string[]) {
    let seek: ((row: Row) => boolean) | undefined;
    return (kind: FactKind, row: Row): boolean => {
      if (seek === undefined) {
        const { table, columns } = recorded[rowKindOf[kind]];
        const last = lastOf(table);
        const places = names.map((name) => columns.findIndex(([column]) => column === name));
        const where = names.map((name) => `${name} IS ?`).join(' AND ');
        const statement = connection.prepare(`SELECT 1 FROM ${table} WHERE ${where} AND id <= ?`);
        seek = (one) =>
          last > 0 && statement.get(...places.map((place) => one[place]), last) !== undefined;
      }
      return seek(row);
    };
  }

  return (kind, row) => {
    switch (kind) {
      case 'task':
      case 'snapshot':
      case 'call':
      case 'tag':
        return seekers[kind](kind, row);
      case 'outcome':
        outcomes ??= outcomesIn(connection);
        return outcomes.has(JSON.stringify(row));
    }
  };
}

/** People's marks: few enough to keep. */
function outcomesIn(connection: Database): Set<string> {
  const { table, columns } = recorded.outcomes;
  const names = columns.map(([column]) => column).join(', ');
  const rows = connection.prepare(`SELECT ${names} FROM ${table}`).raw().iterate();
  return new Set([...rows].map((row) => JSON.stringify(row)));
}
