import process from 'node:process';
import type { SuspendTerminal } from 'ink';
import type { Keyboard } from '../keys/keyboard.ts';

/**
 * Gives the terminal back to the shell and stops, as Ctrl+Z does to any program; returns when `fg`
 * continues it. The whole process group stops, so that a shell sees npm and the like stop too. Windows
 * knows no stopped programs: there nothing happens.
 */
export async function suspendToShell(
  suspendTerminal: SuspendTerminal,
  keyboard: Keyboard,
): Promise<void> {
  if (process.platform === 'win32') return;
  const suspension = await suspendTerminal();
  keyboard.release();
  const continued = new Promise<void>((resolve) => {
    process.once('SIGCONT', () => resolve());
  });
  process.kill(0, 'SIGTSTP');
  await continued;
  keyboard.resume();
  await suspension.resume();
}
