import {
  sizeOf,
  TerminalStream,
  type OutputStream,
  type TerminalSize,
} from '../output/terminal-stream.ts';

/** How long a terminal must keep its size before the screen is drawn for it, in milliseconds. */
const settleMs = 120;

const homeAndEraseBelow = '\u001B[H\u001B[J';
const enterAlternateScreen = '\u001B[?1049h';
const leaveAlternateScreen = '\u001B[?1049l';

/** What holds on the alternate screen only: pasted text is marked as such, so that it is no keys. */
const modesOn = '\u001B[?2004h';
const modesOff = '\u001B[?2004l';

/**
 * The terminal as the dashboard has it. Its size changes only when a resize has come to rest, and then
 * the screen is wiped and drawn once: dragging a window's corner would otherwise paint dozens of frames
 * over the remains of each other.
 */
export class TerminalOutput extends TerminalStream {
  #settled: TerminalSize;
  #timer: NodeJS.Timeout | undefined;
  #isMuted = false;
  readonly #onWipe: (size: TerminalSize) => void;

  /** `onWipe` has the whole screen drawn again, for the size that it is given. */
  constructor(stream: OutputStream, onWipe: (size: TerminalSize) => void) {
    super(stream);
    this.#onWipe = onWipe;
    this.#settled = sizeOf(stream);
  }

  protected override size(): TerminalSize {
    return this.#settled;
  }

  override write(...[chunk, ...rest]: Parameters<TerminalStream['write']>): boolean {
    if (this.#isMuted) return true;
    return super.write(typeof chunk === 'string' ? withModes(chunk) : chunk, ...rest);
  }

  override release(): void {
    clearTimeout(this.#timer);
    super.release();
  }

  protected override resized(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#settled = sizeOf(this.stream);
      // Also when back at the same size: the terminal may have moved what was on it meanwhile.
      this.wipe();
    }, settleMs);
  }

  /** Empties the screen and has it drawn anew as a whole. */
  wipe(): void {
    // Ink must hear of the size, but would at once draw the old frame into the new terminal.
    this.#isMuted = true;
    this.emit('resize');
    this.#isMuted = false;
    this.write(homeAndEraseBelow);
    this.#onWipe(this.#settled);
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
