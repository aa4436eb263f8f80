import { messageOf, TelemetryError } from '../../domain/errors.ts';
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
  if (code === '42P01' || code === '3F000' || code === '42883' || code === '3D000') {
    return new TelemetryError(
      'missing',
      `${label} has no history yet: let who runs it say orchestrator history init.`,
      { cause: error },
    );
  }
  if (code === '42501' || code.startsWith('28')) return telemetryError('denied', label, cause);
  if (code === '40001' || code === '40P01') {
    return telemetryError('offline', label, new Conflict(cause));
  }
  if (isOffline(code, error)) return telemetryError('offline', label, cause);
  return telemetryError(doing === 'reading' ? 'unreadable' : 'unwritable', label, cause);
}

/** Whether another transaction was in the way, and the same may succeed at once. */
export function isConflict(error: unknown): boolean {
  return error instanceof TelemetryError && error.cause instanceof Conflict;
}

class Conflict extends Error {}

/** Of the network, of a server that starts or stops or is full, or a statement that took too long. */
function isOffline(code: string, error: unknown): boolean {
  if (/^(?:08|57|53|55P03|25P0)/.test(code) || code === 'XX000') return true;
  // Codes of the server have five characters; the network's and TLS's begin with E, or are words.
  return !/^[0-9A-Z]{5}$/.test(code) && error instanceof Error;
}
