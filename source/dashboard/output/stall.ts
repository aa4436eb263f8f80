import process from 'node:process';

type Output = Pick<NodeJS.WriteStream, 'write' | 'writableLength'>;

/** How long a terminal that has taken nothing is waited for at the end, in milliseconds. */
const maxDrainMs = 2000;

/**
 * Has what a terminal does not take wait in memory. Node writes to terminals blocking, so that one that
 * is stopped (Ctrl+S, a stalled line) would hold the whole process: timers, signals and a paid run.
 */
export function writeWithoutWaiting(stream: NodeJS.WriteStream): void {
  if (!stream.isTTY || process.platform === 'win32') return;
  // Node has no other way to ask for it.
  const handle: unknown = Reflect.get(stream, '_handle');
  if (typeof handle !== 'object' || handle === null) return;
  const setBlocking: unknown = Reflect.get(handle, 'setBlocking');
  if (typeof setBlocking === 'function') Reflect.apply(setBlocking, handle, [false]);
}

/**
 * Resolves with true when everything written is out, or can never be; with false when none of it went
 * out for a while.
 */
export function drained(stream: Output, withinMs = maxDrainMs): Promise<boolean> {
  let waiting = stream.writableLength;
  if (waiting === 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const left = stream.writableLength;
      if (left >= waiting) finish(false);
      waiting = left;
    }, withinMs);
    const finish = (isOut: boolean): void => {
      clearInterval(timer);
      resolve(isOut);
    };
    stream.write('', () => finish(true));
  });
}

/** Errors of an output whose reader or terminal is gone: nobody is left to be told. */
const goneCodes = new Set(['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']);

export const isGone = (error: NodeJS.ErrnoException): boolean => goneCodes.has(error.code ?? '');
