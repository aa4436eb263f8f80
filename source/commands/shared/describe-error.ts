import { inspect } from 'node:util';
import { exitCodes, messageOf, OrchestratorError, type ExitCode } from '../../domain/errors.ts';
import { hasCode } from '../../files/error-code.ts';

/**
 * What to report of anything thrown: one sentence, and the stack only where DEBUG asks for it. An error
 * that was not foreseen is a defect, and says how to report it.
 */
export function describeError(
  error: unknown,
  environment: NodeJS.ProcessEnv,
): { text: string; exitCode: ExitCode } {
  const known = error instanceof OrchestratorError;
  const sentence = known ? error.message : (ofTheSystem(error) ?? unforeseen(error));
  const stack =
    environment['DEBUG'] && error instanceof Error ? `${error.stack ?? ''}\n${causes(error)}` : '';
  return {
    text: `${sentence}\n${stack}`,
    exitCode: known ? error.exitCode : exitCodes.failed,
  };
}

const unforeseen = (error: unknown): string =>
  `Something unforeseen went wrong (${messageOf(error)}): set DEBUG=1 to see where, and report it.`;

/** What the machine refuses, and what helps, wherever it was met: no defect of the program. */
function ofTheSystem(error: unknown): string | undefined {
  const refused = (what: string, remedy: string): string =>
    `${what} (${messageOf(error)}): ${remedy}.`;
  const otherFolder = 'set ORCHESTRATOR_CACHE_DIR to another folder';
  if (hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) {
    return refused('There is no room on the disk', `free some space, or ${otherFolder}`);
  }
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) {
    return refused('A file may not be used', `check its permissions, or ${otherFolder}`);
  }
  if (hasCode(error, 'EMFILE', 'ENFILE')) {
    return refused('Too many files are open', 'raise the limit with ulimit -n');
  }
  return undefined;
}

function causes(error: Error): string {
  const { cause } = error;
  if (cause === undefined) return '';
  if (!(cause instanceof Error)) return `Caused by: ${inspect(cause)}\n`;
  return `Caused by: ${cause.stack ?? cause.message}\n${causes(cause)}`;
}
