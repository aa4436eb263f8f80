import { cutEnd, startOf, widthOf } from '../text/width.ts';
import { foregroundOf, selectionOf, type Role } from './palette.ts';
import type { RenderStyle } from './render-style.ts';

/** A piece of a line: clean text and what it means. */
export type TextSpan = { text: string; role?: Role; bold?: boolean; underline?: boolean };

/** One line of the screen, left to right. */
export type Line = readonly TextSpan[];

export const styled = (text: string, role?: Role, bold?: boolean): TextSpan => ({
  text,
  // Not by `defined`: a frame has thousands of these.
  ...(role === undefined ? {} : { role }),
  ...(bold === undefined ? {} : { bold }),
});

export const gap = (columns: number): TextSpan => ({ text: ' '.repeat(Math.max(0, columns)) });

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
  const result: TextSpan[] = [];
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
export function paint(
  line: Line,
  style: RenderStyle,
  options: { selected?: boolean } = {},
): string {
  const background = options.selected === true ? selectionOf(style.theme, style.depth) : undefined;
  let result = '';
  for (const piece of line) {
    if (piece.text === '') continue;
    const parameters = [
      piece.bold === true || options.selected === true ? '1' : undefined,
      piece.underline === true ? '4' : undefined,
      piece.role === undefined ? undefined : foregroundOf(style.theme, style.depth, piece.role),
      background,
    ].filter((parameter) => parameter !== undefined);
    // Already clean where layout has measured it; nothing can reach the terminal that is not.
    const text = style.clean(piece.text);
    result +=
      parameters.length === 0 ? text : `${escape}${parameters.join(';')}m${text}${escape}0m`;
  }
  return result;
}
