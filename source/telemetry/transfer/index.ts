import { isServerAddress, serverAddress } from '../address/server-address.ts';
import type { Facts } from './facts.ts';
import { openFileFacts } from './file-facts.ts';
import { openFileImporter } from './file-importer.ts';
import type { Importer } from './records.ts';

export {
  factKinds,
  type FactKind,
  type FactRow,
  type Facts,
  fieldsOf,
  type FieldType,
} from './facts.ts';
export type { ImportedRecord, Importer } from './records.ts';

/** Opens the history in a file or on a server for reading all of it. */
export async function openFacts(database: string): Promise<Facts> {
  if (!isServerAddress(database)) return openFileFacts(database);
  const { openServerFacts } = await import('./server-facts.ts');
  return openServerFacts(serverAddress(database));
}

/** Opens the history in a file or on a server for records of a `source`. */
export async function openHistoryImporter(database: string, source: string): Promise<Importer> {
  if (!isServerAddress(database)) return openFileImporter(database, source);
  const { openServerImporter } = await import('./server-importer.ts');
  return openServerImporter(serverAddress(database), source);
}
