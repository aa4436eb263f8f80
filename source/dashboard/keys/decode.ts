import type { KeyName } from './key-name.ts';
import { isLightBackground } from './background.ts';
import { isRxvtKey, keyOfSequence, keyOfSs3 } from './sequences.ts';
import { createUtf8Decoder, invalidCodePoint } from './utf8.ts';

/** What a terminal sent: a key that was pressed, a text that was pasted, or its background's colour. */
export type Input =
  | { type: 'key'; key: KeyName }
  | { type: 'paste'; text: string }
  | { type: 'background'; isLight: boolean };

/** What the decoder is in the middle of. Only a lone `escape` may still be a key. */
export type Pending = 'nothing' | 'escape' | 'sequence' | 'paste';

/** Of a paste, characters beyond these are dropped. */
const longestPaste = 1000;
/** Of a sequence, parameters beyond these are dropped; no key has so many. */
const longestParameters = 64;

const c0 = {
  interrupt: 0x03,
  bell: 0x07,
  lineFeed: 0x0a,
  return: 0x0d,
  escape: 0x1b,
  delete: 0x7f,
};

const named: Record<number, KeyName> = {
  0x08: 'backspace',
  0x09: 'tab',
  0x0a: 'enter',
  0x0d: 'enter',
  0x7f: 'backspace',
};

type StringKind = 'osc' | 'dcs' | 'other';

type ControlState = { kind: 'csi' | 'ss3'; parameters: string; intermediates: string };

type State =
  | { kind: 'ground' }
  | { kind: 'escape' }
  | ControlState
  /** An operating system command, a device control string and the like, which only answers begin. */
  | { kind: 'string'; of: StringKind; text: string; isEscaped: boolean }
  /** Characters to leave out: the coordinates of an old mouse report, the letter of a console's key. */
  | { kind: 'skip'; count: number }
  | { kind: 'paste'; text: string; length: number; ending: string };

const ground: State = { kind: 'ground' };
const csi = (): State => ({ kind: 'csi', parameters: '', intermediates: '' });
const ss3 = (): State => ({ kind: 'ss3', parameters: '', intermediates: '' });
const string = (of: StringKind): State => ({
  kind: 'string',
  of,
  text: '',
  isEscaped: false,
});

/** What may follow ESC, by its character. */
const afterEscape: Record<string, () => State> = {
  '[': csi,
  O: ss3,
  ']': () => string('osc'),
  P: () => string('dcs'),
  X: () => string('other'),
  '^': () => string('other'),
  _: () => string('other'),
};

/** The same as single C1 controls. */
const byC1: Record<number, () => State> = {
  0x8f: ss3,
  0x90: () => string('dcs'),
  0x98: () => string('other'),
  0x9b: csi,
  0x9d: () => string('osc'),
  0x9e: () => string('other'),
  0x9f: () => string('other'),
};

/** How the answers of terminals begin that come as strings: with anything else, somebody typed. */
const startsOf: Record<StringKind, RegExp> = {
  osc: /^[\dlLI]$/,
  dcs: /^[\d!$+:;<=>?|]$/,
  other: /^[ -~]$/,
};

const pasteEnds = ['\u001B[201~', '\u009B201~'];

/**
 * Reads the bytes of a terminal as keys and pasted text, one character at a time, so that it does not
 * matter how they are spread over reads. Whatever a terminal says of itself (answers about colours,
 * versions, modes and the cursor, focus, the mouse) is no key; nor is a key with Alt.
 */
export class KeyDecoder {
  readonly #decodeUtf8 = createUtf8Decoder();
  #state: State = ground;
  #sequence = 0;
  #isAfterReturn = false;
  #input: Input[] = [];

  /** The input that is complete with these bytes, in order; what they leave open waits for the next ones. */
  push(bytes: Uint8Array): Input[] {
    for (const byte of bytes) this.#decodeUtf8(byte, this.#take);
    return this.#taken();
  }

  get pending(): Pending {
    const { kind } = this.#state;
    if (kind === 'ground') return 'nothing';
    return kind === 'escape' || kind === 'paste' ? kind : 'sequence';
  }

  /** Which sequence or paste is, or was last, open: another number for each. */
  get sequence(): number {
    return this.#sequence;
  }

  /** No more is to come of what is pending: a lone Esc is the key, the rest of a sequence is dropped. */
  expire(): Input[] {
    const expired = this.#state;
    this.#state = ground;
    if (expired.kind === 'escape') this.#press('escape');
    if (expired.kind === 'paste') this.#input.push({ type: 'paste', text: expired.text });
    return this.#taken();
  }

  #taken(): Input[] {
    const input = this.#input;
    this.#input = [];
    return input;
  }

  #press(key: KeyName | undefined): void {
    if (key !== undefined) this.#input.push({ type: 'key', key });
  }

  #begin(state: State): void {
    this.#sequence += 1;
    this.#state = state;
  }

  readonly #take = (code: number): void => {
    const state = this.#state;
    switch (state.kind) {
      case 'ground': {
        return this.#typed(code);
      }
      case 'escape': {
        return this.#escaped(code);
      }
      case 'csi':
      case 'ss3': {
        return this.#within(state, code);
      }
      case 'string': {
        return this.#inString(state, code);
      }
      case 'skip': {
        state.count -= 1;
        if (state.count === 0) this.#state = ground;
        return;
      }
      case 'paste': {
        return this.#pasted(state, code);
      }
    }
  };

  #typed(code: number): void {
    const wasAfterReturn = this.#isAfterReturn;
    this.#isAfterReturn = code === c0.return;
    if (code === c0.escape) this.#begin({ kind: 'escape' });
    else if (Object.hasOwn(byC1, code)) this.#begin(byC1[code]?.() ?? ground);
    // A line feed after a carriage return is one end of a line.
    else if (code === c0.lineFeed && wasAfterReturn) return;
    else if (Object.hasOwn(named, code)) this.#press(named[code]);
    else if (code >= 1 && code <= 26) this.#press(`ctrl-${String.fromCodePoint(code + 0x60)}`);
    else if (code >= 0x20 && !isControl(code) && code !== invalidCodePoint) {
      this.#press(String.fromCodePoint(code));
    }
  }

  /** What was open is none of ours; this character is looked at by itself. */
  #abandon(code: number): void {
    this.#state = ground;
    this.#typed(code);
  }

  #escaped(code: number): void {
    const character = String.fromCodePoint(code);
    if (Object.hasOwn(afterEscape, character)) {
      this.#state = afterEscape[character]?.() ?? ground;
      return;
    }
    this.#state = ground;
    // The end of a string that was given up.
    if (character === '\\') return;
    this.#press('escape');
    this.#typed(code);
  }

  #within(open: ControlState, code: number): void {
    const character = String.fromCodePoint(code);
    if (code < 0x20 || code > 0x7e) {
      if (code !== c0.delete && code !== invalidCodePoint) this.#abandon(code);
      return;
    }
    const { kind, parameters, intermediates } = open;
    if (kind === 'csi' && character === '[' && parameters === '' && intermediates === '') {
      // The Linux console's function keys: one letter follows.
      this.#state = { kind: 'skip', count: 1 };
    } else if (code >= 0x40 || isRxvtKey({ parameters, final: character })) {
      this.#close(open, character);
    } else if (parameters.length + intermediates.length < longestParameters) {
      if (code >= 0x30) open.parameters += character;
      else open.intermediates += character;
    }
  }

  #close({ kind, parameters, intermediates }: ControlState, final: string): void {
    this.#state = ground;
    if (kind === 'ss3') this.#press(keyOfSs3(parameters, final));
    else if (final === 'M' && parameters === '') this.#state = { kind: 'skip', count: 3 };
    else if (final === '~' && parameters === '200') {
      this.#begin({ kind: 'paste', text: '', length: 0, ending: '' });
    } else this.#press(keyOfSequence({ parameters, intermediates, final }));
  }

  #inString(open: Extract<State, { kind: 'string' }>, code: number): void {
    if (open.isEscaped) {
      this.#state = ground;
      // ESC \ ends it; ESC and anything else begins something new.
      if (code === 0x5c) return this.#answered(open);
      this.#begin({ kind: 'escape' });
      this.#escaped(code);
    } else if (code === c0.escape) open.isEscaped = true;
    else if (code === c0.bell || code === 0x9c) {
      this.#state = ground;
      this.#answered(open);
    }
    // No answer holds it, and it must always work.
    else if (code === c0.interrupt) this.#abandon(code);
    else if (open.text === '') {
      open.text = String.fromCodePoint(code);
      if (startsOf[open.of].test(open.text)) return;
      this.#press('escape');
      if (open.of !== 'other') this.#press(open.of === 'osc' ? ']' : 'P');
      this.#abandon(code);
    } else if (open.text.length < longestParameters) open.text += String.fromCodePoint(code);
  }

  #answered({ of, text }: Extract<State, { kind: 'string' }>): void {
    const isLight = of === 'osc' ? isLightBackground(text) : undefined;
    if (isLight !== undefined) this.#input.push({ type: 'background', isLight });
  }

  #pasted(open: Extract<State, { kind: 'paste' }>, code: number): void {
    const character = String.fromCodePoint(code);
    const ending = open.ending + character;
    if (pasteEnds.includes(ending)) {
      this.#state = ground;
      this.#input.push({ type: 'paste', text: open.text });
    } else if (beginsPasteEnd(ending)) open.ending = ending;
    else {
      // What looked like the end is text; this character may begin the end anew.
      open.ending = beginsPasteEnd(character) ? character : '';
      for (const each of open.ending === '' ? ending : ending.slice(0, -character.length)) {
        open.length += 1;
        if (open.length <= longestPaste) open.text += each;
      }
    }
  }
}

const isControl = (code: number): boolean => code >= 0x7f && code <= 0x9f;

const beginsPasteEnd = (text: string): boolean => pasteEnds.some((end) => end.startsWith(text));
