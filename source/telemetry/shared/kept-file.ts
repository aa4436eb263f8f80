import { join } from 'node:path';
import process from 'node:process';
import { parseJson } from '../../domain/parse-json.ts';
import { cacheFolder } from '../../files/cache-folder.ts';
import { readOwnFile, replaceOwnFile } from '../../files/own-file.ts';
import { digestOfServer, type ServerAddress } from '../address/server-address.ts';

/** What a server told, in a file of this machine, for when the server is away. Nothing here throws. */
export function keptFile(address: ServerAddress, name: string, maxBytes: number) {
  const folder = cacheFolder(process.env);
  const file = join(folder, `shared-${digestOfServer(address)}.${name}.json`);
  return {
    keep(value: unknown): void {
      try {
        replaceOwnFile(file, JSON.stringify(value));
      } catch {
        // Without it there is less to go on while the server is away.
      }
    },
    read(): unknown {
      const read = readOwnFile(file, { maxBytes });
      return read.ok ? parseJson(read.text) : undefined;
    },
  };
}
