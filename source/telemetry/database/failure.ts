import { problemToSolve } from '../../domain/database-problem.ts';
import { messageOf, TelemetryError, type TelemetryErrorCode } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';

const remedies: Record<TelemetryErrorCode, (path: string, cause: string) => string> = {
  missing: (path) => `There is no telemetry at ${path}: run a project first, or name another file.`,
  'not-a-database': (path) =>
    `${path} is not a telemetry database: name another file, or move it away.`,
  corrupt: (path) =>
    `${path} is damaged: move it away and restore a backup, or let the next run start a new one.`,
  locked: (path) => problemToSolve({ status: 'locked' }, path),
  offline: (path, cause) =>
    `${path} cannot be reached (${cause}): start the server, or check its address.`,
  denied: (path, cause) =>
    `${path} does not allow it (${cause}): let who runs it give the user the role orchestrator_writer, or orchestrator_reader to look; init, repair and drop-before are for who made it.`,
  'not-let-in': (path, cause) =>
    `${path} does not let this user in (${cause}): give the password in PGPASSWORD, .pgpass or ORCHESTRATOR_DATABASE_URL, and look whether the user is meant.`,
  untrusted: (path, cause) =>
    `${path} cannot show that it is the server (${cause}): renew its certificate, or name the file of its authority with ?sslrootcert=FILE; leave sslmode out where it is this machine.`,
  'another-installation': (path, cause) =>
    `${path} is another history than the one that this machine keeps: name that one, or delete ${cause} if the change is meant.`,
  restored: (path) =>
    `${path} was restored from a copy: let who runs it say orchestrator history repair.`,
  'newer-schema': (path) =>
    `${path} was written by a newer version of orchestrator: update this one to write to it.`,
  'older-schema': (path) =>
    `${path} is older than this version of orchestrator: let who runs it say orchestrator history init.`,
  unreadable: (path, cause) => `${path} cannot be read (${cause}): check its permissions.`,
  unwritable: (path, cause) =>
    `${path} cannot be written (${cause}): check its permissions and the space left on the disk.`,
  'bad-window': (path, cause) =>
    `A window of ${path} cannot be of ${cause} days: give a number above 0.`,
  closed: (path) => `The store of ${path} is closed: open it again.`,
};

/** The typed error for a code, worded for the user. */
export function telemetryError(
  code: TelemetryErrorCode,
  path: string,
  cause?: unknown,
): TelemetryError {
  const reason = cause === undefined ? 'unknown cause' : messageOf(cause).replace(/\.$/, '');
  const message = remedies[code](path, reason);
  return new TelemetryError(code, message, cause === undefined ? {} : { cause });
}

/** What went wrong, from anything that SQLite or the file system throws. */
export function classify(
  error: unknown,
  path: string,
  doing: 'reading' | 'writing',
): TelemetryError {
  if (error instanceof TelemetryError) return error;
  return telemetryError(codeFor(error, doing), path, error);
}

function codeFor(error: unknown, doing: 'reading' | 'writing'): TelemetryErrorCode {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  if (code.startsWith('SQLITE_NOTADB')) return 'not-a-database';
  if (code.startsWith('SQLITE_CORRUPT')) return 'corrupt';
  if (hasCode(error, 'ENOENT') && doing === 'reading') return 'missing';
  return doing === 'reading' ? 'unreadable' : 'unwritable';
}
