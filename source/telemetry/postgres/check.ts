import process from 'node:process';
import { installationFile, noteInstallation } from '../address/installation.ts';
import type { ServerAddress } from '../address/server-address.ts';
import { telemetryError } from '../database/failure.ts';
import type { Session } from './connector.ts';
import { schemaVersion } from './schema.ts';

/**
 * Whether a server holds the history that this machine is a part of: the first one that it met. Another
 * organisation's is refused, and so is, for who writes, one that is older or newer than this program.
 */
export async function checkServer(
  session: Session,
  address: ServerAddress,
  environment: NodeJS.ProcessEnv = process.env,
  doing: 'reading' | 'writing' = 'reading',
): Promise<{ hasPages: boolean }> {
  const { schema, label } = address;
  const [row] = await session.rows<[id: string, version: number, isCopy: boolean]>(
    `SELECT id::text, (SELECT max(version) FROM ${schema}.schema_versions), current_setting('transaction_read_only') = 'on' FROM ${schema}.installation`,
  );
  if (row === undefined) throw telemetryError('missing', label);
  const [id, version, isCopy] = row;
  if (version > schemaVersion && doing === 'writing') throw telemetryError('newer-schema', label);
  if (version < schemaVersion && doing === 'writing') throw telemetryError('older-schema', label);
  const noted = noteInstallation(id, address, environment);
  if (noted !== id) {
    throw telemetryError('another-installation', label, installationFile(environment));
  }
  if (await isRestored(session, schema, doing === 'writing' && !isCopy)) {
    throw telemetryError('restored', label);
  }
  return { hasPages: version >= 2 && !isCopy };
}

/**
 * Whether rows, or pages, are of transactions that are still to come by this cluster's count: sums that lag
 * behind do not tell. Asked once for each connection, since no cluster takes another's place within one.
 */
async function isRestored(session: Session, schema: string, hasPages: boolean): Promise<boolean> {
  // A replica cannot read the pages.
  const seen = hasPages ? `(SELECT max(before) FROM ${schema}.news_pages)` : '0';
  const [[isAhead] = [false]] = await session.rows<[boolean]>(
    `SELECT base + pg_snapshot_xmax(pg_current_snapshot())::text::bigint
       < greatest((SELECT max(stamp) + 1 FROM ${schema}.batches), ${seen}) FROM ${schema}.installation`,
  );
  return isAhead;
}
