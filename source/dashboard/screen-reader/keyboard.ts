import type { KeyName } from '../keys/key-name.ts';
import { openKeyboard } from '../keys/keyboard.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * More keys than these in one read are pasted text: the terminal is not asked to mark that, since here
 * nothing is written but sentences.
 */
const mostKeysAtOnce = 8;

/**
 * Takes keys as they are pressed. Returns what gives the terminal back, which happens too when a signal
 * ends the program. Nothing is written to it.
 */
export function listenToKeys(
  stdin: NodeJS.ReadStream,
  listener: { onKey: (key: KeyName) => void; onEnd: () => void },
): () => void {
  const keyboard = openKeyboard(stdin, {
    onInput(inputs) {
      if (inputs.length > mostKeysAtOnce) return;
      for (const input of inputs) {
        if (input.type !== 'key') continue;
        if (input.key === 'ctrl-z') suspend();
        else listener.onKey(input.key);
      }
    },
    onEnd: listener.onEnd,
  });

  /** Stops as Ctrl+Z stops any program, with its process group; takes keys again when `fg` continues it. */
  function suspend(): void {
    // As in `terminal/suspend.ts`: Windows knows no stopped programs.
    if (process.platform === 'win32') return;
    keyboard.release();
    process.once('SIGCONT', keyboard.resume);
    process.kill(0, 'SIGTSTP');
  }

  const giveBack = (): void => {
    for (const { name, receive } of receivers) process.off(name, receive);
    process.off('SIGCONT', keyboard.resume);
    keyboard.release();
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
  return giveBack;
}
