import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOwn, isWritableByOthers } from '../../files/own-file.ts';
import { isServerAddress, rollupsPathOf } from '../../telemetry/index.ts';
import { configurationFolder, localName } from '../configuration/index.ts';
import type { CachePaths } from '../shared/cache-paths.ts';
import { schemaFile } from '../shared/schema-file.ts';

/** One place that the program uses, whether or not something is there yet. */
export type PathReport = {
  name: string;
  path: string;
  exists: boolean;
  /** What is the matter, in one sentence with its remedy. */
  problem?: string;
};

type Place = { name: string; path: string; kind: 'folder of our own' | 'file' };

/** Every place that is read or written, in the order of what matters most. */
export function pathReports(
  { cache, database, runs, scratch, preferences }: CachePaths,
  environment: NodeJS.ProcessEnv,
  workingDirectory: string,
): PathReport[] {
  const own = configurationFolder(environment).path;
  const file = isServerAddress(database) ? '' : database;
  const all: Place[] = [
    { name: 'configuration here', path: join(workingDirectory, localName), kind: 'file' },
    { name: 'your configuration', path: join(own, 'config.yaml'), kind: 'file' },
    { name: 'files you trust', path: join(own, 'trusted'), kind: 'folder of our own' },
    { name: 'cache folder', path: cache, kind: 'folder of our own' },
    { name: 'history', path: file, kind: 'file' },
    { name: 'sums of the history', path: file && rollupsPathOf(file), kind: 'file' },
    { name: 'records that wait', path: join(cache, 'spool'), kind: 'folder of our own' },
    { name: 'runs and results', path: runs, kind: 'folder of our own' },
    { name: 'scratch folders', path: scratch, kind: 'folder of our own' },
    { name: 'compiled code', path: join(cache, 'compile'), kind: 'folder of our own' },
    { name: 'dashboard choices', path: preferences, kind: 'file' },
    { name: 'schema for editors', path: schemaFile(), kind: 'file' },
  ];
  const places = all.filter(({ path }) => path !== '');
  return places.map(({ name, path, kind }) => {
    const problem = kind === 'file' ? undefined : problemOfFolder(path);
    return { name, path, exists: existsSync(path), ...(problem === undefined ? {} : { problem }) };
  });
}

/** Of a folder that is not there, whether it could be made. */
function problemOfFolder(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    const above = existingAbove(path);
    return isWritable(above)
      ? undefined
      : `${path} cannot be made, because ${above} cannot be written to: change its permissions, or set ORCHESTRATOR_CACHE_DIR to another folder.`;
  }
  if (!stats.isDirectory()) return `${path} is no folder: move it away.`;
  if (!isOwn(stats)) return `${path} belongs to another user: make it yours with chown.`;
  if (isWritableByOthers(stats)) {
    return `${path} can be written to by other users: take that right away with chmod go-w.`;
  }
  return isWritable(path)
    ? undefined
    : `${path} cannot be written to: change its permissions, or set ORCHESTRATOR_CACHE_DIR to another folder.`;
}

function existingAbove(path: string): string {
  const above = dirname(path);
  return above === path || existsSync(above) ? above : existingAbove(above);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
