import { cutEnd, startOf } from '../text/fit.ts';
import { widthOf } from '../text/width.ts';
import { foregroundOf, selectionOf, type Role } from './palette.ts';
import type { Look } from './look.ts';

/** A piece of a line: clean text and what it means. */
export type Span = { text: string; role?: Role; bold?: boolean; underline?: boolean };

/** One line of the screen, left to right. */
export type Line = readonly Span[];

export const span = (text: string, role?: Role, bold?: boolean): Span => ({
  text,
  ...(role === undefined ? {} : { role }),
  ...(bold === undefined ? {} : { bold }),
});

export const gap = (columns: number): Span => ({ text: ' '.repeat(Math.max(0, columns)) });

export function widthOfLine(line: Line): number {
  let width = 0;
  for (const { text } of line) width += widthOf(text);
  return width;
}

/** A line of exactly `width` columns: the end is cut with an ellipsis, or filled with spaces. */
export function fitLine(line: Line, width: number, ellipsis = '…'): Line {
  const total = widthOfLine(line);
  if (total === width) return line;
  if (total < width) return [...line, gap(width - total)];
  if (width <= 0) return [];
  const result: Span[] = [];
  let left = width;
  for (const piece of line) {
    const columns = widthOf(piece.text);
    if (columns < left) {
      result.push(piece);
      left -= columns;
      continue;
    }
    const text =
      columns === left
        ? startOf(piece.text, left - 1) + ellipsis
        : cutEnd(piece.text, left, ellipsis);
    result.push({ ...piece, text }, gap(left - widthOf(text)));
    return result;
  }
  return result;
}

const escape = '\u001B[';

/** The line as the terminal takes it: text with SGR sequences, ended by a reset where any was set. */
export function paint(line: Line, look: Look, options: { selected?: boolean } = {}): string {
  const background = options.selected === true ? selectionOf(look.theme, look.depth) : undefined;
  let result = '';
  for (const piece of line) {
    if (piece.text === '') continue;
    const parameters = [
      piece.bold === true || options.selected === true ? '1' : undefined,
      piece.underline === true ? '4' : undefined,
      piece.role === undefined ? undefined : foregroundOf(look.theme, look.depth, piece.role),
      background,
    ].filter((parameter) => parameter !== undefined);
    // Already clean where layout has measured it; nothing can reach the terminal that is not.
    const text = look.clean(piece.text);
    result +=
      parameters.length === 0 ? text : `${escape}${parameters.join(';')}m${text}${escape}0m`;
  }
  return result;
}
