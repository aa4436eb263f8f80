import type { KeyName } from './key-name.ts';

/** A complete control sequence: what stands between its introducer and its last character, and that. */
export type ControlSequence = { parameters: string; intermediates: string; final: string };

/** Keys by the last character of `CSI …` and `SS3 …`. */
const byFinal: Record<string, KeyName> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  // As rxvt sends them with Shift or Ctrl.
  a: 'up',
  b: 'down',
  c: 'right',
  d: 'left',
};

/** Keys by the number in `CSI … ~`. */
const byNumber: Record<string, KeyName> = {
  '1': 'home',
  '3': 'backspace',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
};

/** The keypad in application mode, by the last character of `SS3 …`. */
const keypad: Record<string, KeyName> = {
  M: 'enter',
  I: 'tab',
  X: '=',
  j: '*',
  k: '+',
  l: ',',
  m: '-',
  n: '.',
  o: '/',
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, digit) => ['pqrstuvwxy'[digit], `${digit}`]),
  ),
};

/** Keys that are no characters, by the numbers of kitty's keyboard protocol. */
const byCode: Record<number, KeyName> = {
  8: 'backspace',
  9: 'tab',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
  57_409: '.',
  57_410: '/',
  57_411: '*',
  57_412: '-',
  57_413: '+',
  57_414: 'enter',
  57_415: '=',
  57_416: ',',
  57_417: 'left',
  57_418: 'right',
  57_419: 'up',
  57_420: 'down',
  57_421: 'pageup',
  57_422: 'pagedown',
  57_423: 'home',
  57_424: 'end',
  57_426: 'backspace',
  ...Object.fromEntries(Array.from({ length: 10 }, (_, digit) => [57_399 + digit, `${digit}`])),
};

const modifiers = { shift: 1, alt: 2, ctrl: 4, super: 8, hyper: 16, meta: 32 };

/** Keys together with these are no keys of ours. */
const foreign = modifiers.alt | modifiers.super | modifiers.hyper | modifiers.meta;

const released = '3';

/** The key that a control sequence (CSI) stands for; undefined for answers, reports and unknown keys. */
export function keyOfSequence(sequence: ControlSequence): KeyName | undefined {
  const { parameters, intermediates, final } = sequence;
  if (intermediates !== '' && !isRxvtKey(sequence)) return undefined;
  // `?`, `<`, `=` and `>` begin answers and reports.
  if (!/^[\d;:]*$/.test(parameters)) return undefined;
  const [first = '', second = '', third = '', ...others] = parameters.split(';');
  const [bits = '', event] = second.split(':');
  if (event === released || others.length > 0) return undefined;
  const held = Math.max(0, Number(bits || 1) - 1);
  if (final === 'u') return keyOfCode(first.split(':'), held, third);
  if (final === '~' && first === '27' && third !== '') return keyOfCode([third], held, '');
  if (third !== '') return undefined;
  // rxvt says the modifier by the last character.
  if ('~^$@'.includes(final)) return Object.hasOwn(byNumber, first) ? byNumber[first] : undefined;
  if (final === 'Z') return 'shift-tab';
  if (!Object.hasOwn(byFinal, final)) return undefined;
  // `CSI 5 A` is how some say Ctrl and an arrow.
  return second === '' || first === '1' || first === '' ? byFinal[final] : undefined;
}

/** `CSI 5 $`, as rxvt sends Shift and a key; that character otherwise stands before the last one. */
export const isRxvtKey = ({ parameters, final }: Pick<ControlSequence, 'parameters' | 'final'>) =>
  final === '$' && /^[235678]$/.test(parameters);

/** The key of `SS3 …`. */
export function keyOfSs3(parameters: string, final: string): KeyName | undefined {
  if (Object.hasOwn(byFinal, final)) return byFinal[final];
  return parameters === '' && Object.hasOwn(keypad, final) ? keypad[final] : undefined;
}

/** A key by its code, the modifiers held, and the text that it types, where the terminal says that. */
function keyOfCode(
  [base = '', shifted = '']: readonly string[],
  held: number,
  text: string,
): KeyName | undefined {
  if ((held & foreign) !== 0) return undefined;
  const code = Number(base);
  const isShifted = (held & modifiers.shift) !== 0;
  const named = Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (named !== undefined) return named === 'tab' && isShifted ? 'shift-tab' : named;
  const character = characterOf(code);
  if (character === undefined) return undefined;
  if ((held & modifiers.ctrl) !== 0) {
    return /^[a-z]$/i.test(character) ? `ctrl-${character.toLowerCase()}` : undefined;
  }
  const typed = characterOf(Number(text.split(':')[0])) ?? characterOf(Number(shifted));
  if (typed !== undefined) return typed;
  return isShifted ? character.toUpperCase() : character;
}

/** Printable characters only; the private ones stand for keys without a character. */
function characterOf(code: number): string | undefined {
  if (!Number.isInteger(code) || code < 0x20 || code > 0x10_ff_ff) return undefined;
  const text = String.fromCodePoint(code);
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]$/u.test(text) ? text : undefined;
}
