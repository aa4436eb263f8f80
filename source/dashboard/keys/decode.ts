import type { Key } from 'ink';
import { charactersOf } from '../text/width.ts';

/** A key by its name (`up`, `enter`, `ctrl-c`), or the character that it types. */
export type KeyName = string;

const named = {
  upArrow: 'up',
  downArrow: 'down',
  leftArrow: 'left',
  rightArrow: 'right',
  pageUp: 'pageup',
  pageDown: 'pagedown',
  home: 'home',
  end: 'end',
  return: 'enter',
  escape: 'escape',
  backspace: 'backspace',
  delete: 'backspace',
} as const satisfies Partial<Record<keyof Key, KeyName>>;

type NamedKey = keyof typeof named;

const isNamedKey = (name: string): name is NamedKey => Object.hasOwn(named, name);

/** Control characters as they arrive in the middle of a chunk. */
const controls: Record<string, KeyName> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u001B': 'escape',
  '\u007F': 'backspace',
  '\b': 'backspace',
};

/** The keys of one chunk of input, in order: several typed at once count one by one. */
export function keysOf(input: string, key: Key): KeyName[] {
  if (key.eventType === 'release') return [];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  const name = Object.keys(named).find((candidate) => isNamedKey(candidate) && key[candidate]);
  if (name !== undefined && isNamedKey(name)) return [named[name]];
  if (key.ctrl) return [`ctrl-${input}`];
  return charactersOf(input).flatMap(({ text }) => {
    // A line feed after a carriage return is one character to readers, and one key.
    if (text === '\r\n') return ['enter'];
    const control = controls[text];
    if (control !== undefined) return [control];
    const code = text.codePointAt(0) ?? 0;
    return code < 0x20 ? [`ctrl-${String.fromCodePoint(code + 0x60)}`] : [text];
  });
}
