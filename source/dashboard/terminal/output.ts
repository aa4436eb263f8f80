import { EventEmitter } from 'node:events';
import type { WriteStream } from 'node:tty';

export type OutputStream = NodeJS.WriteStream | WriteStream;

/** How long a terminal must keep its size before the screen is drawn for it, in milliseconds. */
const settleMs = 120;

const homeAndEraseBelow = '\u001B[H\u001B[J';
const enterAlternateScreen = '\u001B[?1049h';
const leaveAlternateScreen = '\u001B[?1049l';

/** What holds on the alternate screen only: pasted text is marked as such, so that it is no keys. */
const modesOn = '\u001B[?2004h';
const modesOff = '\u001B[?2004l';

/**
 * The terminal as Ink sees it. Its size changes only when a resize has come to rest, and then the
 * screen is wiped and drawn once: dragging a window's corner would otherwise paint dozens of frames
 * over the remains of each other.
 */
export class TerminalOutput extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #stream: OutputStream;
  #timer: NodeJS.Timeout | undefined;
  #isMuted = false;
  readonly #onWipe: (size: { columns: number; rows: number }) => void;

  /** `onWipe` has the whole screen drawn again, for the size that it is given. */
  constructor(stream: OutputStream, onWipe: (size: { columns: number; rows: number }) => void) {
    super();
    this.#stream = stream;
    this.#onWipe = onWipe;
    ({ columns: this.columns, rows: this.rows } = sizeOf(stream));
    stream.on('resize', this.#resized);
  }

  /** For {@link NodeJS.WritableStream}: whether more can be written. */
  get writable(): boolean {
    return this.#stream.writable;
  }

  get destroyed(): boolean {
    return this.#stream.destroyed;
  }

  get writableEnded(): boolean {
    return this.#stream.writableEnded;
  }

  write(
    chunk: string | Uint8Array,
    encodingOrDone?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean {
    if (this.#isMuted) return true;
    const written = typeof chunk === 'string' ? withModes(chunk) : chunk;
    return typeof encodingOrDone === 'string'
      ? this.#stream.write(written, encodingOrDone, done)
      : this.#stream.write(written, encodingOrDone);
  }

  /** The stream belongs to the process and stays open. */
  end(): this {
    return this;
  }

  /** Stops listening to the stream; the last size stays. */
  release(): void {
    clearTimeout(this.#timer);
    this.#stream.off('resize', this.#resized);
  }

  readonly #resized = (): void => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#settle, settleMs);
  };

  readonly #settle = (): void => {
    ({ columns: this.columns, rows: this.rows } = sizeOf(this.#stream));
    // Also when back at the same size: the terminal may have moved what was on it meanwhile.
    this.wipe();
  };

  /** Empties the screen and has it drawn anew as a whole. */
  wipe(): void {
    // Ink must hear of the size, but would at once draw the old frame into the new terminal.
    this.#isMuted = true;
    this.emit('resize');
    this.#isMuted = false;
    this.write(homeAndEraseBelow);
    this.#onWipe({ columns: this.columns, rows: this.rows });
  }
}

/**
 * Modes change where the alternate screen is entered and left, which Ink does in any case: at the start
 * and the end, around a suspension, after a crash and on signals.
 */
function withModes(text: string): string {
  if (!text.includes('\u001B[?1049')) return text;
  return (
    text
      .replace(enterAlternateScreen, enterAlternateScreen + modesOn)
      // tmux leaves rows of an alternate screen in the shell's where it was resized meanwhile.
      .replace(leaveAlternateScreen, homeAndEraseBelow + modesOff + leaveAlternateScreen)
  );
}

/** The Windows console scrolls when its last cell is written: the last row stays free there. */
function sizeOf(stream: OutputStream): { columns: number; rows: number } {
  // A terminal that does not know its size says 0.
  const columns = stream.columns || 80;
  const rows = stream.rows || 24;
  return { columns, rows: process.platform === 'win32' ? Math.max(1, rows - 1) : rows };
}
