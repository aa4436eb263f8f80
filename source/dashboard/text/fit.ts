import { charactersOf, widthOf } from './width.ts';

export type Align = 'left' | 'right';

/** The longest start of a text that fits into `width` columns. */
export function startOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let taken = 0;
  let result = '';
  for (const character of charactersOf(text)) {
    if (taken + character.width > width) break;
    taken += character.width;
    result += character.text;
  }
  return result;
}

function endOf(text: string, width: number): string {
  let taken = 0;
  let result = '';
  for (const character of charactersOf(text).toReversed()) {
    if (taken + character.width > width) break;
    taken += character.width;
    result = character.text + result;
  }
  return result;
}

/** Cuts the end of a text that is too wide: for sentences. */
export function cutEnd(text: string, width: number, ellipsis = '…'): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return '';
  return startOf(text, width - 1) + ellipsis;
}

/**
 * Cuts the middle of a text that is too wide: for names, whose start says the family and whose end
 * the version. The end gets the odd column.
 */
export function cutMiddle(text: string, width: number, ellipsis = '…'): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return '';
  const start = startOf(text, Math.floor((width - 1) / 2));
  return start + ellipsis + endOf(text, width - 1 - widthOf(start));
}

/** Fills a text that is not too wide with spaces to exactly `width` columns. */
export function pad(text: string, width: number, align: Align = 'left'): string {
  const missing = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'left' ? text + missing : missing + text;
}
