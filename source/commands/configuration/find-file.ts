import { join } from 'node:path';
import process from 'node:process';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import { isOwn } from '../../files/own-file.ts';
import { realPathOf } from '../../files/real-path.ts';
import { readTextFile, type TextFile } from '../../files/text-file.ts';
import { userPath } from '../../files/user-path.ts';
import { configurationFolder, localName } from './places.ts';

/** A configuration file that was read: what is parsed and what is trusted are these bytes. */
export type ConfigurationFile = Pick<TextFile, 'text' | 'bytes'> & {
  /** As the user knows it. */
  name: string;
  /** Absolute, without links. */
  realPath: string;
  /** Why what it says of keys, addresses and money does not count by itself; absent: it is the user's. */
  distrust?: 'found-here' | 'other-owner' | 'writable-by-others';
};

export type ConfigurationPlaces = {
  workingDirectory: string;
  environment: NodeJS.ProcessEnv;
  homeDirectory?: string;
};

/**
 * The file that is named, else the one in the working directory, else the user's own; undefined where there
 * is none.
 *
 * @throws OrchestratorError `configuration`: one that is named is not there, or one is no text file.
 */
export function findConfigurationFile({
  path,
  workingDirectory,
  environment,
  homeDirectory,
}: ConfigurationPlaces & { path?: string | undefined }): ConfigurationFile | undefined {
  if (path !== undefined) {
    const named = read(userPath(path, workingDirectory, homeDirectory), path);
    if (named !== undefined) return fileOf(named);
    throw new OrchestratorError(
      'configuration',
      `There is no file ${path}: name an existing one with --config, or leave it out.`,
    );
  }
  const here = read(join(workingDirectory, localName), localName);
  if (here !== undefined) return { ...fileOf(here), distrust: 'found-here' };
  const folder = configurationFolder(environment, homeDirectory);
  const own = read(join(folder.path, 'config.yaml'), `${folder.name}/config.yaml`);
  if (own === undefined) return undefined;
  const distrust = isOwn(own.stats)
    ? isOpenToOthers(own.stats)
      ? 'writable-by-others'
      : undefined
    : 'other-owner';
  return { ...fileOf(own), ...defined({ distrust }) };
}

type Read = TextFile & { name: string; path: string };

function read(path: string, name: string): Read | undefined {
  const file = readTextFile(path);
  if (file.ok) return { ...file, name, path };
  if (file.reason === 'missing') return undefined;
  throw new OrchestratorError(
    'configuration',
    `${name} ${file.problem}: make it a text file that you may read, or name another with --config.`,
    { cause: file.cause },
  );
}

function fileOf({ text, bytes, name, path }: Read): ConfigurationFile {
  return { text, bytes, name, realPath: realPathOf(path) };
}

/**
 * Whether others may change a file. A group of the user's own name, as many systems give to everybody,
 * holds nobody else: with a umask of 002 every file is writable for it.
 */
function isOpenToOthers({ mode, uid, gid }: TextFile['stats']): boolean {
  if (process.platform === 'win32') return false;
  const privateGroup = uid !== 0 && uid === gid;
  return (mode & (privateGroup ? 0o002 : 0o022)) !== 0;
}
