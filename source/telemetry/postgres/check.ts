import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../files/cache-folder.ts';
import { createOwnFile, readOwnFile } from '../../files/own-file.ts';
import { makeFolder } from '../../files/folder.ts';
import { telemetryError } from '../database/failure.ts';
import { digestOfServer, type ServerAddress } from '../address/server-address.ts';
import type { Session } from './connector.ts';
import { schemaVersion } from './schema.ts';

/** Where a machine notes which history it is a part of. */
export function installationFile(environment: NodeJS.ProcessEnv): string {
  return join(cacheFolder(environment), 'installation.json');
}

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
  noteInstallation(id, address, environment);
  return { hasPages: version >= 2 && !isCopy };
}

type Noted = Record<string, string>;

function noteInstallation(
  id: string,
  address: ServerAddress,
  environment: NodeJS.ProcessEnv,
): void {
  const file = installationFile(environment);
  const noted = notedIn(file);
  if (noted === undefined) {
    makeFolder(cacheFolder(environment));
    const text = JSON.stringify({ installation: id, at: digestOfServer(address) } satisfies Noted);
    try {
      const descriptor = createOwnFile(file);
      writeFileSync(descriptor, text);
      closeSync(descriptor);
    } catch {
      // Another process was quicker, and the next connection compares; or the cache cannot be written.
    }
    return;
  }
  if (noted !== id) throw telemetryError('another-installation', address.label, file);
}

function notedIn(file: string): string | undefined {
  const read = readOwnFile(file, { maxBytes: 10_000 });
  if (!read.ok) return undefined;
  try {
    const noted: Noted = JSON.parse(read.text);
    return typeof noted['installation'] === 'string' ? noted['installation'] : undefined;
  } catch {
    return undefined;
  }
}
