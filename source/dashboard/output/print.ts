import { cleanText } from '../text/width.ts';

/** Where lines go: a terminal, a pipe, a file. */
export type TextStream = {
  write: (text: string) => boolean;
  isTTY?: boolean;
  writableLength?: number;
};

/**
 * What may wait unread, in characters; more is dropped, so that a reader who stopped reading costs no
 * memory. A terminal's is for eyes; whoever reads a pipe may only be slow.
 */
const mostWaiting = { terminal: 256 * 1024, pipe: 32 * 1024 * 1024 };

const escape = '\u001B';
const toLineStart = `\r${escape}[2K`;

/**
 * Prints lines for people. Everything that a command writes passes here, so that nothing of what names,
 * answers, files and servers hold reaches the terminal but as text: no escape sequence, no control
 * character, no turned direction.
 */
export function printText(stream: TextStream, text: string): void {
  write(stream, cleanLines(text));
}

/** Prints one JSON value on a line of its own. */
export function printJson(stream: TextStream, value: unknown): void {
  printJsonLines(stream, `${JSON.stringify(value)}\n`);
}

/** Prints JSON that is text already: the same values, in characters that a terminal takes for text only. */
export function printJsonLines(stream: TextStream, text: string): void {
  write(stream, escapedJson(text));
}

/** Shows a line of progress in place of the one before it; an empty one takes it away. Terminals only. */
export function printProgress(stream: TextStream, line: string): void {
  write(stream, toLineStart + cleanText(line));
}

/** Lines of text, each of them clean; line feeds stay. */
export const cleanLines = (text: string): string => text.split('\n').map(cleanText).join('\n');

/** JSON leaves as they are C1 controls, what ends a line elsewhere, and what turns the direction of text. */
const unsafe = /[\u007F-\u009F\u2028\u2029\p{Cf}]/gu;

/** JSON that says the same in characters of which a terminal takes none for more than text. */
export const escapedJson = (json: string): string => json.replace(unsafe, unicodeEscape);

const unicodeEscape = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

function write(stream: TextStream, text: string): void {
  const most = stream.isTTY ? mostWaiting.terminal : mostWaiting.pipe;
  if ((stream.writableLength ?? 0) <= most) stream.write(text);
}

/**
 * Writes data that other programs read, of any length: resolves once there is room for more, or whoever
 * read it is gone. A terminal gets it as lines of text.
 */
export async function writeData(stream: NodeJS.WriteStream, text: string): Promise<void> {
  const isRoom = stream.write(stream.isTTY ? cleanLines(text) : text);
  if (isRoom || stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done).off('error', done);
      resolve();
    };
    stream.on('drain', done).on('close', done).on('error', done);
  });
}
