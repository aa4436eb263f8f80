import { inspect } from 'node:util';
import { exitCodes, messageOf, OrchestratorError, type ExitCode } from '../../domain/errors.ts';

/**
 * What to report of anything thrown: one sentence, and the stack only where DEBUG asks for it. An error
 * that was not foreseen is a defect, and says how to report it.
 */
export function describeError(
  error: unknown,
  environment: NodeJS.ProcessEnv,
): { text: string; exitCode: ExitCode } {
  const known = error instanceof OrchestratorError;
  const sentence = known
    ? error.message
    : `Something unforeseen went wrong (${messageOf(error)}): set DEBUG=1 to see where, and report it.`;
  const stack =
    environment['DEBUG'] && error instanceof Error ? `${error.stack ?? ''}\n${causes(error)}` : '';
  return {
    text: `${sentence}\n${stack}`,
    exitCode: known ? error.exitCode : exitCodes.failed,
  };
}

function causes(error: Error): string {
  const { cause } = error;
  if (cause === undefined) return '';
  if (!(cause instanceof Error)) return `Caused by: ${inspect(cause)}\n`;
  return `Caused by: ${cause.stack ?? cause.message}\n${causes(cause)}`;
}
