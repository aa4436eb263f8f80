import { join } from 'node:path';
import process from 'node:process';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Insight } from '../../domain/insight.ts';
import { isRecord } from '../../domain/is-record.ts';
import { cacheFolder } from '../../files/cache-folder.ts';
import { readOwnFile, replaceOwnFile } from '../../files/own-file.ts';
import { digestOfServer, type ServerAddress } from '../address/server-address.ts';

const mostBytes = 16 * 1024 * 1024;

/** The numbers of a window that a server told last, and when, in Unix seconds. */
export type KeptScreen = { at: number; insight: Insight };

/** The last numbers of each window of a server, for a dashboard that is started while it is away. */
export function keptScreens(
  address: ServerAddress,
  environment: NodeJS.ProcessEnv = process.env,
): { keep(days: number, screen: KeptScreen): void; of(days: number): KeptScreen | undefined } {
  const fileOf = (days: number): string =>
    join(cacheFolder(environment), `shared-${digestOfServer(address)}.screen-${days}.json`);
  return {
    keep(days, screen) {
      try {
        replaceOwnFile(fileOf(days), JSON.stringify({ ...screen, version: packageJson.version }));
      } catch {
        // Without it a dashboard that is started offline has nothing to show.
      }
    },
    of(days) {
      const read = readOwnFile(fileOf(days), { maxBytes: mostBytes });
      if (!read.ok) return undefined;
      try {
        const kept: unknown = JSON.parse(read.text);
        return isKept(kept) ? kept : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** Another version's may lack what this one shows. */
function isKept(value: unknown): value is KeptScreen {
  return (
    isRecord(value) &&
    value['version'] === packageJson.version &&
    typeof value['at'] === 'number' &&
    isRecord(value['insight']) &&
    Array.isArray(value['insight']['rankings'])
  );
}
