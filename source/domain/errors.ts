/** How the process ends; see {@link OrchestratorError.exitCode}. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * An error meant for the user: one sentence that ends in the remedy. `code` is stable and is what
 * tests and other programs look at; the wording is not.
 */
export class OrchestratorError<Code extends string = string> extends Error {
  override readonly name: string = 'OrchestratorError';
  readonly code: Code;
  readonly exitCode: ExitCode;

  constructor(code: Code, message: string, options: { cause?: unknown; exitCode?: ExitCode } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** The command was called in a way that it does not understand; nothing was done. */
export class UsageError extends OrchestratorError {
  override readonly name = 'UsageError';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super('usage', message, { ...options, exitCode: exitCodes.usage });
  }
}

/** Stable: what programs look at. */
export type TelemetryErrorCode =
  /** There is no file. */
  | 'missing'
  /** It is something else, or another program's database. */
  | 'not-a-database'
  | 'corrupt'
  /** Another program holds it; the same may be tried again. */
  | 'locked'
  /** The server of a shared history does not answer; the same may be tried again. */
  | 'offline'
  /** The server does not let this user do this. */
  | 'denied'
  /** Or not even in. */
  | 'not-let-in'
  /** It cannot show that it is the server that was meant. */
  | 'untrusted'
  /** It is another organisation's history than the one that this machine keeps. */
  | 'another-installation'
  /** A copy of a server's history that nobody has set right yet. */
  | 'restored'
  /** Written by a newer version: it can be read, not written. */
  | 'newer-schema'
  /** A server's history that must be brought forward before this version writes to it. */
  | 'older-schema'
  /** The file system does not let it be read, or written. */
  | 'unreadable'
  | 'unwritable'
  /** A window of days that is not above 0. */
  | 'bad-window'
  /** The store was closed. */
  | 'closed';

/** telemetry.db could not be read or written. */
export class TelemetryError extends OrchestratorError<TelemetryErrorCode> {
  override readonly name = 'TelemetryError';
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
