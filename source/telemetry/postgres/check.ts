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
  return { hasPages: version >= 2 && !isCopy };
}
