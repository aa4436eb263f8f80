import { closeSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../files/cache-folder.ts';
import { makeFolder } from '../../files/folder.ts';
import { createOwnFile, readOwnFile, replaceOwnFile } from '../../files/own-file.ts';
import { digestOfServer, type ServerAddress } from './server-address.ts';

/** Where a machine notes which history it is a part of. */
export function installationFile(environment: NodeJS.ProcessEnv): string {
  return join(cacheFolder(environment), 'installation.json');
}

/** The history, and digests of the addresses by which it was reached: a pool or another name may stand before it. */
type Noted = { installation: string; at: string[] };

/** Notes the first history that was met, and each address of it; which one that is. */
export function noteInstallation(
  id: string,
  address: ServerAddress,
  environment: NodeJS.ProcessEnv,
): string {
  const file = installationFile(environment);
  const noted = notedIn(file);
  const digest = digestOfServer(address);
  try {
    if (noted === undefined) {
      makeFolder(cacheFolder(environment));
      const descriptor = createOwnFile(file);
      writeFileSync(descriptor, JSON.stringify({ installation: id, at: [digest] } satisfies Noted));
      closeSync(descriptor);
    } else if (noted.installation === id && !noted.at.includes(digest)) {
      replaceOwnFile(file, JSON.stringify({ installation: id, at: [...noted.at, digest] }));
    }
  } catch {
    // Another process was quicker, and the next connection compares; or the cache cannot be written.
  }
  return noted?.installation ?? id;
}

/** Digests of the addresses at which the history of this machine was met. */
export function knownPlaces(environment: NodeJS.ProcessEnv): string[] {
  return notedIn(installationFile(environment))?.at ?? [];
}

function notedIn(file: string): Noted | undefined {
  const read = readOwnFile(file, { maxBytes: 10_000 });
  if (!read.ok) return undefined;
  try {
    const noted: Partial<Record<keyof Noted, unknown>> = JSON.parse(read.text);
    const { installation, at } = noted;
    if (typeof installation !== 'string') return undefined;
    return { installation, at: [at].flat().filter((place) => typeof place === 'string') };
  } catch {
    return undefined;
  }
}
