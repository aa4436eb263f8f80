import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processorSeconds } from './processor.ts';
import { spawn } from '@lydell/node-pty';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** As fast as a held key repeats. */
const heldKeyMs = 33;
/** Ink ends each frame so. */
const endOfFrame = '\u001B[?2026l';

export type BareTerminal = {
  /** Milliseconds from keys to the last byte of the next frame. */
  timeToFrame(keys: string): Promise<number>;
  /** Presses keys that may change nothing, and waits for what they do. */
  press(keys: string): Promise<void>;
  /** Seconds of processor time that the program has used. */
  processorSeconds(): number;
  /** Quits, and resolves when the program has ended. */
  leave(): Promise<void>;
};

/**
 * The program in a terminal that takes what it is given and draws none of it: an emulator on the same
 * cores would take longer to draw a frame than the program to make it, and be measured along.
 */
export async function openBare(args: readonly string[], cache: string): Promise<BareTerminal> {
  const { CI: _, ...inherited } = process.env;
  const pty = spawn(process.execPath, [cli, ...args], {
    cols: 120,
    rows: 40,
    name: 'xterm-256color',
    cwd: cache,
    env: {
      ...inherited,
      LANG: 'C.UTF-8',
      COLORTERM: 'truecolor',
      ORCHESTRATOR_CACHE_DIR: cache,
      HOME: cache,
    },
  });
  const listeners = new Set<(data: string) => void>();
  let writtenAt = performance.now();
  pty.onData((data) => {
    writtenAt = performance.now();
    for (const listener of listeners) listener(data);
  });
  const ended = new Promise<void>((resolve) => {
    pty.onExit(() => resolve());
  });

  const nextFrame = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(listen);
        reject(new Error('no frame within 10 s'));
      }, 10_000);
      let last = '';
      const listen = (data: string): void => {
        // It may come in two pieces.
        last = last.slice(-endOfFrame.length) + data;
        if (!last.includes(endOfFrame)) return;
        clearTimeout(timer);
        listeners.delete(listen);
        resolve();
      };
      listeners.add(listen);
    });

  const rest = async (quietMs: number): Promise<void> => {
    while (performance.now() - writtenAt < quietMs) await pause(10);
  };

  await nextFrame();
  // The first data, and what is loaded behind the first screen.
  await rest(5000);
  return {
    async timeToFrame(keys) {
      await rest(heldKeyMs);
      const frame = nextFrame();
      const start = performance.now();
      pty.write(keys);
      await frame;
      return performance.now() - start;
    },
    async press(keys) {
      pty.write(keys);
      writtenAt = performance.now();
      await rest(800);
    },
    processorSeconds: () => processorSeconds(pty.pid),
    async leave() {
      pty.write('q');
      await ended;
    },
  };
}
