import { accessSync, constants, existsSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
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

type Place = { name: string; path: string; kind: 'folder of our own' | 'file' | 'history' };

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
    { name: 'history', path: file, kind: 'history' },
    { name: 'sums of the history', path: file && rollupsPathOf(file), kind: 'file' },
    { name: 'records that wait', path: join(cache, 'spool'), kind: 'folder of our own' },
    { name: 'runs and results', path: runs, kind: 'folder of our own' },
    { name: 'scratch folders', path: scratch, kind: 'folder of our own' },
    { name: 'compiled code', path: join(cache, 'compile'), kind: 'folder of our own' },
    { name: 'dashboard choices', path: preferences, kind: 'file' },
    { name: 'schema for editors', path: schemaFile(), kind: 'file' },
  ];
  const places = all.filter(({ path }) => path !== '');
  const reported = new Set<string>();
  return places.map(({ name, path, kind }) => {
    const problem = problemOf(kind, path);
    const common = { name, path, exists: existsSync(path) };
    // Runs and the spool lie beside the history: what keeps all three from being made is said once.
    if (problem === undefined || reported.has(problem.cause)) return common;
    reported.add(problem.cause);
    return { ...common, problem: problem.message };
  });
}

/** `cause` is the same for all places that fail for the same reason. */
type Problem = { cause: string; message: string };

function problemOf(kind: Place['kind'], path: string): Problem | undefined {
  if (kind === 'file') return undefined;
  return kind === 'history' ? problemOfHistory(path) : problemOfFolder(path);
}

const otherCache = 'set ORCHESTRATOR_CACHE_DIR to another folder';
const otherHistory = 'name another file with --db';

/** Of a history in a file: whether it can be made, or written to where it is there; SQLite writes beside it too. */
function problemOfHistory(path: string): Problem | undefined {
  if (!existsSync(path)) return problemOfMaking(resolve(path), otherHistory);
  const folder = dirname(resolve(path));
  const closed = [folder, path].find((place) => !isWritable(place));
  return closed === undefined
    ? undefined
    : {
        cause: closed,
        message: `${path} cannot be written to, because ${closed} is read-only: change its permissions, or ${otherHistory}.`,
      };
}

function problemOfFolder(path: string): Problem | undefined {
  const found = (message: string): Problem => ({ cause: path, message: `${path} ${message}` });
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const [reason = ''] = messageOf(error).split(',', 1);
    return found(`cannot be looked at (${reason}): change its permissions, or ${otherCache}.`);
  }
  if (stats === undefined) return problemOfMaking(path, otherCache);
  if (!stats.isDirectory()) return found('is no folder: move it away.');
  if (!isOwn(stats)) return found('belongs to another user: make it yours with chown.');
  if (isWritableByOthers(stats)) {
    return found('can be written to by other users: take that right away with chmod go-w.');
  }
  return isWritable(path)
    ? undefined
    : found(`cannot be written to: change its permissions, or ${otherCache}.`);
}

/** Of a place where nothing is, whether something could be made there. */
function problemOfMaking(path: string, remedy: string): Problem | undefined {
  const above = existingAbove(path);
  if (!statSync(above).isDirectory()) {
    return {
      cause: above,
      message: `${path} cannot be made, because ${above} is a file and no folder: move it away, or ${remedy}.`,
    };
  }
  return isWritable(above)
    ? undefined
    : {
        cause: above,
        message: `${path} cannot be made, because ${above} cannot be written to: change its permissions, or ${remedy}.`,
      };
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
