import type { Session } from './connector.ts';
import { grantStatements, groupStatements, schemaStatements } from './schema.ts';

/** Everything that `history init` runs, in its order; for reading before it is run, too. */
export function initStatements(schema: string): string[] {
  return [...groupStatements(), ...schemaStatements(schema), ...grantStatements(schema)];
}

/** Makes the tables, functions and groups of a history; within a transaction. */
export async function initHistory(session: Session, schema: string): Promise<void> {
  for (const statement of initStatements(schema)) await session.rows(statement);
}
