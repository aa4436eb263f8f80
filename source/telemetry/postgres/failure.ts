import { messageOf, TelemetryError, type TelemetryErrorCode } from '../../domain/errors.ts';
import { ownValue } from '../../domain/own-value.ts';
import { telemetryError } from '../database/failure.ts';

/** What went wrong, from anything that the driver, the network or the server throws. */
export function classifyServer(
  error: unknown,
  label: string,
  doing: 'reading' | 'writing',
): TelemetryError {
  if (error instanceof TelemetryError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // Nothing the server says is shown but one line of it: it may quote what was sent.
  const [firstLine = ''] = messageOf(error).split('\n');
  const cause = firstLine.slice(0, 200) || code || 'no answer';
  if (code === 'OR001') return telemetryError('restored', label);
  // A function of ours that is not there.
  if (code === '42883') return telemetryError('older-schema', label);
  const own = ownValue(sentences, code);
  if (own !== undefined) return new TelemetryError(own.code, own.text(label), { cause: error });
  if (code === '42501') return telemetryError('denied', label, cause);
  if (code.startsWith('28') || cause.startsWith('SASL')) {
    return telemetryError(
      'not-let-in',
      label,
      passwordMissing.test(cause) ? 'it asks for a password' : cause,
    );
  }
  if (isOfCertificate(code, cause)) return telemetryError('untrusted', label, cause);
  if (conflicts.has(code)) return telemetryError('locked', label, new Conflict(cause));
  if (isOffline(code, error)) return telemetryError('offline', label, cause);
  return telemetryError(doing === 'reading' ? 'unreadable' : 'unwritable', label, cause);
}

type Sentence = { code: TelemetryErrorCode; text: (label: string) => string };

const notMade: Sentence = {
  code: 'missing',
  text: (label) => `${label} has no history yet: let who runs it say orchestrator history init.`,
};

/** What the server says in its codes and what helps is known. */
const sentences: Partial<Record<string, Sentence>> = {
  '42P01': notMade,
  '3F000': notMade,
  '3D000': {
    code: 'missing',
    text: (label) =>
      `There is no database for ${label}: let who runs the server make it with createdb, or look at its name.`,
  },
  '42P07': {
    code: 'unwritable',
    text: (label) =>
      `${label} holds tables of something else under names of ours: name another schema with ?schema=NAME, which is made.`,
  },
  '25006': {
    code: 'unwritable',
    text: (label) =>
      `${label} can only be read now, as a replica can: name the server that takes writes, or let who runs it end that.`,
  },
  '53100': {
    code: 'offline',
    text: (label) => `${label} has no space left on its disk: free some on the server.`,
  },
  '53300': {
    code: 'offline',
    text: (label) =>
      `${label} has no connection left: raise its max_connections, or put a pool such as pgbouncer in front.`,
  },
};

/** The driver's words where none was given. */
const passwordMissing = /password must be a (?:non-empty )?string/;

/** Codes of OpenSSL as Node tells them, and what a server says that has no certificate at all. */
function isOfCertificate(code: string, cause: string): boolean {
  return (
    /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|^ERR_(?:TLS|SSL|OSSL)/.test(code) ||
    cause.includes('does not support SSL')
  );
}

/** Whether another transaction was in the way, and the same may succeed at once. */
export function isConflict(error: unknown): boolean {
  return error instanceof TelemetryError && error.cause instanceof Conflict;
}

class Conflict extends Error {}

/** Another one wrote the same, could not be put in order with this one, or had a lock that it waited for. */
const conflicts: ReadonlySet<string> = new Set(['23505', '40001', '40P01', '55P03']);

/** Of the network, of a server that starts or stops or is full, or a statement that took too long. */
function isOffline(code: string, error: unknown): boolean {
  if (/^(?:08|57|53|25P0)/.test(code) || code === 'XX000') return true;
  // Codes of the server have five characters; the network's and TLS's begin with E, or are words.
  return !/^[0-9A-Z]{5}$/.test(code) && error instanceof Error;
}
