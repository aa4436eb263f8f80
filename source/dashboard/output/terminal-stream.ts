import { EventEmitter } from 'node:events';
import process from 'node:process';
import type { WriteStream } from 'node:tty';
import { plainCharacters } from '../text/plain-characters.ts';
import { drained } from './stall.ts';

export type OutputStream = NodeJS.WriteStream | WriteStream;

/** How long leaving the screen waits for a terminal that takes nothing, in milliseconds. */
const leavingMs = 1000;

export type TerminalSize = { columns: number; rows: number };

type Done = (error?: Error | null) => void;
type Subscribe = (listener: () => void) => () => void;

/**
 * A terminal as Ink draws on it. One that takes no output (Ctrl+S, a stalled line) is not drawn on until
 * it does: what changed meanwhile is drawn once, then.
 */
export class TerminalStream extends EventEmitter {
  readonly isTTY = true;
  protected readonly stream: OutputStream;

  constructor(stream: OutputStream) {
    super();
    this.stream = stream;
    stream.on('resize', this.#resized);
  }

  get columns(): number {
    return this.size().columns;
  }

  get rows(): number {
    return this.size().rows;
  }

  protected size(): TerminalSize {
    return sizeOf(this.stream);
  }

  /** For {@link NodeJS.WritableStream}: whether more can be written. */
  get writable(): boolean {
    return this.stream.writable;
  }

  get destroyed(): boolean {
    return this.stream.destroyed;
  }

  get writableEnded(): boolean {
    return this.stream.writableEnded;
  }

  write(chunk: string | Uint8Array, encodingOrDone?: BufferEncoding | Done, done?: Done): boolean {
    const whenDone = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    if (chunk.length === 0 && whenDone !== undefined) {
      // Ink's question, at its end, whether all is out.
      void drained(this.stream, leavingMs).then(() => whenDone());
      return true;
    }
    return this.stream.write(typeof chunk === 'string' ? withoutWrapping(chunk) : chunk, whenDone);
  }

  /** The stream belongs to the process and stays open. */
  end(): this {
    return this;
  }

  /** The same changes, those left out at which the terminal takes nothing; the next time that it does is one, then. */
  whileWritable(subscribe: Subscribe): Subscribe {
    return (listener) => {
      let isBehind = false;
      const unsubscribe = subscribe(() => {
        if (this.stream.writableNeedDrain) isBehind = true;
        else listener();
      });
      const catchUp = (): void => {
        if (!isBehind) return;
        isBehind = false;
        listener();
      };
      this.stream.on('drain', catchUp);
      return () => {
        unsubscribe();
        this.stream.off('drain', catchUp);
      };
    };
  }

  /** Stops listening to the stream. */
  release(): void {
    this.stream.off('resize', this.#resized);
  }

  /** The terminal has another size. */
  protected resized(): void {
    this.emit('resize');
  }

  readonly #resized = (): void => this.resized();
}

/** Characters on whose width some terminal, older or newer than this program, may disagree. */
const uncertain = new RegExp(`[^${plainCharacters}\\u0000-\\u001F]`);

/**
 * A line that a terminal takes for wider than it is measured must not run into the next one and scroll
 * the screen: it is written over its own end, and wrapping is on again with the same write.
 */
const withoutWrapping = (text: string): string =>
  uncertain.test(text) ? `\u001B[?7l${text}\u001B[?7h` : text;

/** The Windows console scrolls when its last cell is written: the last row stays free there. */
export function sizeOf(stream: OutputStream): TerminalSize {
  // A terminal that does not know its size says 0.
  const columns = stream.columns || 80;
  const rows = stream.rows || 24;
  return { columns, rows: process.platform === 'win32' ? Math.max(1, rows - 1) : rows };
}
