import { hash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, OrchestratorError } from '../../domain/errors.ts';
import { isRecord } from '../../domain/is-record.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { hasCode } from '../../files/error-code.ts';
import { makeOwnFolder, readOwnFile, replaceOwnFile } from '../../files/own-file.ts';

/** That the user trusts a configuration file: this content, at this place. */
export type TrustRecord = {
  /** Absolute, without links. */
  path: string;
  /** Of its content, in hexadecimal. */
  sha256: string;
  /** Unix seconds. */
  trustedAt: number;
};

/**
 * What the user said of files that were found in some folder, kept in the user's own configuration folder:
 * one file per path, so that two processes cannot undo each other's.
 */
export type TrustStore = {
  /** Undefined where nothing was ever said of the path, or what is kept cannot be relied on. */
  find(path: string): TrustRecord | undefined;
  list(): TrustRecord[];
  /** @throws OrchestratorError `trust-store` where it cannot be kept. */
  add(record: TrustRecord): void;
  /** Whether there was anything to withdraw. */
  withdraw(path: string): boolean;
};

/** In bytes; a path may take 4 KB, and escapes six times that. */
const maxRecordBytes = 64 * 1024;

/** `directory` is the user's `orchestrator` folder among the configurations. */
export function openTrustStore(directory: string): TrustStore {
  const folder = join(directory, 'trusted');
  const fileOf = (path: string): string => join(folder, `${hash('sha256', path)}.json`);

  return {
    find(path) {
      const record = readRecord(fileOf(path));
      return record?.path === path ? record : undefined;
    },
    list() {
      return namesIn(folder)
        .flatMap((name) => readRecord(join(folder, name)) ?? [])
        .toSorted((one, other) => (one.path < other.path ? -1 : 1));
    },
    add(record) {
      try {
        if (!makeOwnFolder(folder)) throw new Error('it is not a folder of yours alone');
        replaceOwnFile(fileOf(record.path), `${JSON.stringify(record)}\n`);
      } catch (error) {
        throw new OrchestratorError(
          'trust-store',
          `What you trust cannot be kept in ${folder} (${messageOf(error)}): make it a folder that only you can write to, or name the file with --config each time.`,
          { cause: error },
        );
      }
    },
    withdraw(path) {
      try {
        rmSync(fileOf(path));
        return true;
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR')) return false;
        throw new OrchestratorError(
          'trust-store',
          `The trust in ${path} cannot be withdrawn (${messageOf(error)}): remove ${fileOf(path)} by hand.`,
          { cause: error },
        );
      }
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  } catch {
    return [];
  }
}

function readRecord(file: string): TrustRecord | undefined {
  const read = readOwnFile(file, { maxBytes: maxRecordBytes });
  if (!read.ok) return undefined;
  const value = parseJson(read.text);
  return isTrustRecord(value) ? value : undefined;
}

function isTrustRecord(value: unknown): value is TrustRecord {
  return (
    isRecord(value) &&
    typeof value['path'] === 'string' &&
    typeof value['sha256'] === 'string' &&
    typeof value['trustedAt'] === 'number'
  );
}
