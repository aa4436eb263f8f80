import Database, { type Database as Connection } from 'better-sqlite3';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFolder } from '../../files/folder.ts';
import { classify, telemetryError } from './failure.ts';
import { fileIdentity } from './file.ts';

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
    if (isFolder(path)) throw telemetryError('not-a-database', path);
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
  const directory = mkdtempSync(join(tmpdir(), 'orchestrator-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
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

function isCannotOpen(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY');
}
