import { KeyDecoder, type Input, type Pending } from './decode.ts';

/**
 * How long what is open may stay without another byte, in milliseconds. A slow line tears sequences
 * apart by a tenth of a second and more; Esc must still answer before a person doubts it.
 */
const longestPauses: Record<Exclude<Pending, 'nothing'>, number> = {
  escape: 250,
  sequence: 1000,
  paste: 3000,
};
/** How long it may stay open altogether: keys that are typed meanwhile would be taken for its text. */
const longestSequenceMs = 10_000;

export type Keyboard = {
  /** Gives the terminal back, as before a suspension. What was open is dropped. */
  release: () => void;
  /** Takes the keys again. */
  resume: () => void;
};

/**
 * Takes keys as they are pressed, without Enter and without their echo, from now on. `onInput` is handed
 * what each read holds, `onEnd` hears that there will be no more: the terminal is gone.
 */
export function openKeyboard(
  stdin: NodeJS.ReadStream,
  listener: { onInput: (input: readonly Input[]) => void; onEnd: () => void },
): Keyboard {
  let decoder = new KeyDecoder();
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let openedAt = 0;
  let opened = -1;
  let isTaking = false;

  const hand = (input: readonly Input[]): void => {
    if (input.length > 0) listener.onInput(input);
  };

  const stopWaiting = (): void => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };

  function expire(): void {
    // The rest may be there already, where this program was too busy to read it: reads come before this.
    immediate = setImmediate(() => hand(decoder.expire()));
  }

  function waitForRest(): void {
    const { pending, sequence } = decoder;
    if (pending === 'nothing') return;
    const now = performance.now();
    if (sequence !== opened) {
      opened = sequence;
      openedAt = now;
    }
    const left = pending === 'paste' ? Infinity : openedAt + longestSequenceMs - now;
    timer = setTimeout(expire, Math.max(0, Math.min(longestPauses[pending], left)));
  }

  const take = (chunk: Buffer | string): void => {
    stopWaiting();
    const input = decoder.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    waitForRest();
    hand(input);
  };

  const end = (): void => {
    release();
    listener.onEnd();
  };

  function resume(): void {
    if (isTaking) return;
    isTaking = true;
    decoder = new KeyDecoder();
    opened = -1;
    setRawMode(stdin, true);
    stdin.on('data', take);
    stdin.on('end', end);
    stdin.on('error', end);
    stdin.ref();
    stdin.resume();
  }

  function release(): void {
    if (!isTaking) return;
    isTaking = false;
    stopWaiting();
    stdin.off('data', take);
    stdin.off('end', end);
    stdin.off('error', end);
    setRawMode(stdin, false);
    stdin.pause();
    stdin.unref();
  }

  // Also while nobody listens, an error of a terminal that is gone must not end the process.
  stdin.on('error', ignore);
  resume();
  return { release, resume };
}

const ignore = (): void => {};

/** A terminal that is gone takes no mode; what is to be said of that comes as its end. */
function setRawMode(stdin: NodeJS.ReadStream, isRaw: boolean): void {
  try {
    stdin.setRawMode(isRaw);
  } catch {
    // Gone.
  }
}
