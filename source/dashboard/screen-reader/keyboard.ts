import type { KeyName } from '../keys/decode.ts';
import { keysIn } from './keys.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Takes keys as they are pressed, without Enter and without their echo. Returns what gives the
 * terminal back, which happens too when a signal ends the program. Nothing is written to it.
 */
export function listenToKeys(
  stdin: NodeJS.ReadStream,
  listener: { onKey: (key: KeyName) => void; onEnd: () => void },
): () => void {
  const take = (chunk: Buffer | string): void => {
    for (const key of keysIn(chunk.toString())) {
      if (key === 'ctrl-z') suspend(stdin);
      else listener.onKey(key);
    }
  };
  const giveBack = (): void => {
    for (const { name, receive } of receivers) process.off(name, receive);
    stdin.off('data', take);
    stdin.off('end', listener.onEnd);
    stdin.setRawMode(false);
    stdin.pause();
  };
  const receivers = signals.map((name) => ({
    name,
    receive: () => {
      // Who else listens decides how it ends, as a run does that keeps what is done.
      if (process.listenerCount(name) > 1) return;
      giveBack();
      process.kill(process.pid, name);
    },
  }));
  for (const { name, receive } of receivers) process.on(name, receive);
  stdin.on('data', take);
  stdin.on('end', listener.onEnd);
  stdin.setRawMode(true);
  stdin.resume();
  return giveBack;
}

/** Stops as Ctrl+Z stops any program, with its process group; takes keys again when `fg` continues it. */
function suspend(stdin: NodeJS.ReadStream): void {
  stdin.setRawMode(false);
  process.once('SIGCONT', () => stdin.setRawMode(true));
  process.kill(0, 'SIGTSTP');
}
