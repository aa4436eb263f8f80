import type { Command } from '../keys/commands.ts';
import type { KeyName } from '../keys/key-name.ts';
import { cleanText, charactersOf } from '../text/width.ts';

/** Characters of a line that is typed: no longer than any name that it could find. */
const longestLine = 200;

/** A typed line after a key; nothing where the key is none of typing. */
export function typedAfter(line: string, key: KeyName): string | undefined {
  if (key === 'backspace') return charactersOf(line).slice(0, -1).map(textOf).join('');
  if (key === 'ctrl-u') return '';
  return charactersOf(key).length === 1 ? shortened(line + key) : undefined;
}

/** A typed line after text was pasted, which comes as one line. */
export const pastedAfter = (line: string, text: string): string =>
  shortened(line + cleanText(text).replace(/\s+/g, ' ').trim());

const shortened = (line: string): string =>
  charactersOf(line).slice(0, longestLine).map(textOf).join('');

const textOf = ({ text }: { text: string }): string => text;

/** What a key asks of the program itself, also while a text is typed. */
export function asksOfProgram(key: KeyName): Command | undefined {
  if (key === 'ctrl-c' || key === 'ctrl-d') return { name: 'quit' };
  return key === 'ctrl-z' ? { name: 'suspend' } : undefined;
}
