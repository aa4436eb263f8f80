import Database, { type Database as Connection } from 'better-sqlite3';
import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../../files/cache-folder.ts';
import { makeOwnFolder } from '../../files/own-file.ts';
import { classify, telemetryError } from './failure.ts';
import { fileIdentity, isRegularFile } from './file.ts';

export type ReadConnection = {
  connection: Connection;
  /** Whether a private copy is read, because SQLite cannot open the file where it is. */
  copied: boolean;
  close(): void;
};

/** Opens one file; throws what SQLite throws. */
export type Connect = (path: string, timeout: number) => Connection;

/**
 * Opens a database for reading alone. Throws a {@link TelemetryError}: `missing`, `locked`,
 * `not-a-database`, `corrupt` or `unreadable`.
 */
export function openForReading(
  path: string,
  busyTimeoutMs: number,
  connect: Connect = connectReadonly,
): ReadConnection {
  try {
    if (fileIdentity(path) === undefined) throw telemetryError('missing', path);
    if (!isRegularFile(path)) throw telemetryError('not-a-database', path);
    const connection = connect(path, busyTimeoutMs);
    return { connection, copied: false, close: () => void connection.close() };
  } catch (error) {
    if (!isCannotOpen(error)) throw classify(error, path, 'reading');
    return openCopy(path, busyTimeoutMs, connect);
  }
}

function connectReadonly(path: string, timeout: number): Connection {
  const connection = new Database(path, { readonly: true, fileMustExist: true, timeout });
  try {
    // The first thing that really reads the file: a foreign file fails here.
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** A closed WAL database on a read-only file system cannot be opened in place. */
function openCopy(path: string, busyTimeoutMs: number, connect: Connect): ReadConnection {
  let directory: string | undefined;
  const remove = (): void => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    directory = mkdtempSync(join(folderOfOwn(), 'reading-'));
    const copy = join(directory, 'telemetry.db');
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    const connection = connect(copy, busyTimeoutMs);
    return {
      connection,
      copied: true,
      close() {
        connection.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw classify(error, path, 'reading');
  }
}

/**
 * A folder into which nobody else can put anything. Only where this user has none that can be written, as
 * on a system that is read-only throughout, the common one: a folder for this user alone is made in it.
 */
function folderOfOwn(): string {
  const places = [join(cacheFolder(process.env), 'scratch'), process.env['XDG_RUNTIME_DIR'] ?? ''];
  return (
    places.find((place) => place !== '' && makeOwnFolder(place) && isWritable(place)) ?? tmpdir()
  );
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isCannotOpen(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY');
}
