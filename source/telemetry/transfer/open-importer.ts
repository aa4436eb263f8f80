import { isServerAddress, serverAddress } from '../server-address.ts';
import type { Importer } from './import-record.ts';
import { openImporter } from './importer.ts';

/** Opens the history in a file or on a server for records of a `source`. */
export async function openHistoryImporter(database: string, source: string): Promise<Importer> {
  if (!isServerAddress(database)) return openImporter({ path: database, source });
  const { openServerImporter } = await import('./server-importer.ts');
  return openServerImporter(serverAddress(database), source);
}
