import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyDecoder, type Input } from '../../../source/dashboard/keys/decode.ts';

const esc = '\u001B';
const bytesOf = (text: string): Uint8Array => Buffer.from(text);

/** What a decoder makes of these bytes, the last sequence given up. */
function decoded(...reads: readonly Uint8Array[]): Input[] {
  const decoder = new KeyDecoder();
  const input = reads.flatMap((read) => decoder.push(read));
  return [...input, ...decoder.expire()];
}

const keysIn = (input: readonly Input[]): string[] =>
  input.map((each) => {
    if (each.type === 'key') return each.key;
    return each.type === 'paste' ? `pasted ${each.text}` : `light ${each.isLight}`;
  });

const keysOf = (text: string): string[] => keysIn(decoded(bytesOf(text)));

describe('the background of the terminal', () => {
  it.each([
    [`${esc}]11;rgb:ffff/ffff/ffff\u0007`, ['light true']],
    [`${esc}]11;rgb:1c1c/1c1c/1c1c${esc}\\`, ['light false']],
    [`${esc}]11;rgb:fd/f6/e3\u009C`, ['light true']],
    [`a${esc}]11;rgba:0/0/8/f\u0007b`, ['a', 'light false', 'b']],
    [`${esc}]11;what\u0007`, []],
    [`${esc}]10;rgb:ffff/ffff/ffff\u0007`, []],
  ])('%j is read as %j', (text, said) => {
    expect(keysOf(text)).toEqual(said);
  });
});

describe('keys', () => {
  it.each([
    ['jj\r', ['j', 'j', 'enter']],
    ['a\tb\u0003', ['a', 'tab', 'b', 'ctrl-c']],
    ['模é😀', ['模', 'é', '😀']],
    ['x\r\ny\n\r', ['x', 'enter', 'y', 'enter', 'enter']],
    ['\u007F\b', ['backspace', 'backspace']],
    ['\u0000\u001Cq\u001F', ['q']],
    [`${esc}[A${esc}[B${esc}[C${esc}[D`, ['up', 'down', 'right', 'left']],
    [`${esc}OA${esc}OB${esc}OH${esc}OF`, ['up', 'down', 'home', 'end']],
    [
      `${esc}[5~${esc}[6~${esc}[1~${esc}[4~${esc}[7~${esc}[8~`,
      ['pageup', 'pagedown', 'home', 'end', 'home', 'end'],
    ],
    [`${esc}[H${esc}[F${esc}[Z${esc}[3~`, ['home', 'end', 'shift-tab', 'backspace']],
    [`${esc}[1;5A${esc}[1;2B${esc}O1;5C${esc}[5A`, ['up', 'down', 'right', 'up']],
    [`${esc}[5$${esc}[6^${esc}[a${esc}Od`, ['pageup', 'pagedown', 'up', 'left']],
    [`${esc}OM${esc}Oq${esc}Oy`, ['enter', '1', '9']],
    ['\u009BA\u008FB', ['up', 'down']],
  ])('%j is read as %j', (text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  it.each([
    ['a letter', `${esc}[113u`, ['q']],
    ['with Shift', `${esc}[115;2u`, ['S']],
    ['with Shift, as the layout has it', `${esc}[53:37;2u`, ['%']],
    ['with its text', `${esc}[53;2;37u`, ['%']],
    ['with Ctrl', `${esc}[99;5u`, ['ctrl-c']],
    ['with Ctrl and Caps Lock', `${esc}[99;69u`, ['ctrl-c']],
    ['with Alt', `${esc}[113;3u`, []],
    ['with Super', `${esc}[113;9u`, []],
    ['held down', `${esc}[106;1:2u`, ['j']],
    ['let go', `${esc}[113;1:3u`, []],
    [
      'Esc, Enter, Tab',
      `${esc}[27u${esc}[13u${esc}[9u${esc}[9;2u`,
      ['escape', 'enter', 'tab', 'shift-tab'],
    ],
    ['an arrow that is let go', `${esc}[1;1:3B${esc}[5;1:3~`, []],
    ['the keypad', `${esc}[57414u${esc}[57400u${esc}[57420u`, ['enter', '1', 'down']],
    ['a media key', `${esc}[57428u`, []],
    ['of modifyOtherKeys', `${esc}[27;5;99~${esc}[27;2;83~`, ['ctrl-c', 'S']],
  ])('are understood in the longer protocols: %s', (_, text, keys) => {
    expect(keysOf(text)).toEqual(keys);
  });

  it.each([
    ['the colour of the text', `${esc}]10;rgb:0000/0000/0000${esc}\\`],
    ['a palette entry with C1 controls', '\u009D4;1;rgb:cccc/0000/0000\u009C'],
    ['a title', `${esc}]lq quit me${esc}\\`],
    ['the version', `${esc}P>|tmux 3.4${esc}\\`],
    ['termcap', `${esc}P1+r524742=38${esc}\\`],
    ['a setting', `${esc}P1$r0 q${esc}\\`],
    ['a picture protocol', `${esc}_Gi=31;OK${esc}\\`],
    ['device attributes', `${esc}[?62;22;52c${esc}[>1;4000;30c`],
    ['the cursor', `${esc}[12;40R`],
    ['a status', `${esc}[0n`],
    ['a mode', `${esc}[?2026;2$y${esc}[4;2$y`],
    ['the window', `${esc}[8;34;120t`],
    ['focus', `${esc}[I${esc}[O`],
    ['the mouse', `${esc}[<0;10;10M${esc}[<0;10;10m${esc}[32;10;10M`],
    ['the mouse of old', `${esc}[M !q`],
    ['keyboard flags', `${esc}[?1u`],
    ['sub-parameters', `${esc}[4:3;5:1m`],
    ['a function key', `${esc}OP${esc}[15~${esc}[[A${esc}[1;5Q`],
    ['far too many parameters', `${esc}[${'1;'.repeat(5000)}A`],
    ['a stray end of a paste', `${esc}[201~`],
  ])('are not what a terminal says of itself: %s', (_, text) => {
    expect(keysOf(text)).toEqual([]);
    expect(keysOf(`j${text}k`)).toEqual(['j', 'k']);
  });

  it('take coordinates beyond ASCII as part of an old mouse report', () => {
    expect(keysIn(decoded(Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xff, 0xf0, 0x71])))).toEqual(['q']);
  });

  it('are not bytes that are no UTF-8', () => {
    const noUtf8 = [0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf5, 0xe2, 0x82];
    expect(keysIn(decoded(Buffer.from([0x6a, ...noUtf8, 0x6b])))).toEqual(['j', 'k']);
  });

  it('know Esc by what follows, or by nothing that does', () => {
    expect(keysOf(esc)).toEqual(['escape']);
    expect(keysOf(`${esc}j`)).toEqual(['escape', 'j']);
    expect(keysOf(`${esc}${esc}[B`)).toEqual(['escape', 'down']);
    expect(keysOf(`${esc}]]`)).toEqual(['escape', ']', ']']);
    expect(keysOf(`${esc}Pq`)).toEqual(['escape', 'P', 'q']);
  });

  it('are lost with a sequence that is cut off, and not with what follows it', () => {
    expect(keysOf(`${esc}[5`)).toEqual([]);
    expect(keysOf(`${esc}[5\rj`)).toEqual(['enter', 'j']);
    expect(keysOf(`${esc}]11;rgb:${esc}[B`)).toEqual(['down']);
    expect(keysOf(`${esc}]11;rgb:1e1e and no end`)).toEqual([]);
    expect(keysOf(`${esc}]11;rgb:1e1e\u0003`)).toEqual(['ctrl-c']);
  });

  it('are open until their end, each sequence by a number of its own', () => {
    const decoder = new KeyDecoder();
    expect(decoder.pending).toBe('nothing');
    decoder.push(bytesOf(esc));
    expect(decoder.pending).toBe('escape');
    const { sequence } = decoder;
    decoder.push(bytesOf('[1;'));
    expect([decoder.pending, decoder.sequence]).toEqual(['sequence', sequence]);
    decoder.push(bytesOf(`5A${esc}`));
    expect([decoder.pending, decoder.sequence]).toEqual(['escape', sequence + 1]);
    decoder.push(bytesOf('[200~text'));
    expect(decoder.pending).toBe('paste');
    expect(decoder.expire()).toEqual([{ type: 'paste', text: 'text' }]);
    expect(decoder.pending).toBe('nothing');
  });
});

describe('pasted text', () => {
  it.each([
    ['quit now', 'quit now'],
    ['two\nlines\u0003', 'two\nlines\u0003'],
    [`an arrow ${esc}[B`, `an arrow ${esc}[B`],
    [`nearly the end ${esc}[201${esc}[20`, `nearly the end ${esc}[201${esc}[20`],
    ['模型 😀', '模型 😀'],
    ['', ''],
  ])('is no keys: %j', (pasted, text) => {
    const [paste, ...rest] = decoded(bytesOf(`${esc}[200~${pasted}${esc}[201~q`));
    expect(paste).toEqual({ type: 'paste', text });
    expect(rest).toEqual([{ type: 'key', key: 'q' }]);
  });

  it('is kept to a length that a name may have', () => {
    const [paste] = decoded(bytesOf(`${esc}[200~${'x'.repeat(1_000_000)}${esc}[201~`));
    expect(paste).toEqual({ type: 'paste', text: 'x'.repeat(1000) });
  });
});

/** Pieces of what terminals send, the broken ones among them. */
const piece = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 4 }),
    fc.constantFrom('q', '[', ']', '\r', '\n', '\u0003', '\u0000', '\u007F', esc, `${esc}${esc}`),
    fc.constantFrom(`${esc}[A`, `${esc}OB`, `${esc}[1;5C`, `${esc}[5~`, '\u009BZ', `${esc}[[A`),
    fc.constantFrom(`${esc}[113;5u`, `${esc}[27;2;83~`, `${esc}[?1u`, `${esc}[I`, `${esc}[M !!`),
    fc.constantFrom(
      `${esc}]11;rgb:1/2/3`,
      `${esc}\\`,
      '\u0007',
      '\u009C',
      `${esc}P>|x`,
      `${esc}_G`,
    ),
    fc.constantFrom(`${esc}[200~`, `${esc}[201~`, `${esc}[20`, `${esc}[`, `${esc}O`, `${esc}[<0;1`),
  )
  .map((text) => Buffer.from(text));

const bytes = fc.oneof(
  piece,
  fc.uint8Array({ maxLength: 6 }).map((some) => Buffer.from(some)),
);

describe('reads', () => {
  it('may end anywhere: the same bytes are the same input', () => {
    fc.assert(
      fc.property(
        fc.array(bytes, { maxLength: 12 }),
        fc.array(fc.nat({ max: 80 }), { maxLength: 10 }),
        (pieces, cuts) => {
          const all = Buffer.concat(pieces);
          const places = [0, ...cuts.toSorted((a, b) => a - b), all.length];
          const reads = places.slice(1).map((end, index) => all.subarray(places[index], end));
          const one = decoded(all);
          expect(decoded(...reads)).toEqual(one);
          expect(decoded(...Array.from(all, (byte) => Buffer.from([byte])))).toEqual(one);
        },
      ),
      { numRuns: 6000 },
    );
  });

  it('never make keys of an answer, wherever it stands between keys', () => {
    const answer = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('10', '11', '12', '4;7', '52;c'),
          fc.stringMatching(/^[\da-z:/]{0,40}$/),
        )
        .map(([number, text]) => `${esc}]${number};${text}`),
      fc.stringMatching(/^[>!01][|+$][ -~]{0,40}$/).map((text) => `${esc}P${text}`),
    );
    const end = fc.constantFrom('\u0007', `${esc}\\`);
    const report = fc
      .tuple(
        fc.constantFrom('?', '<', '>', '='),
        fc.stringMatching(/^[\d;]{0,20}$/),
        fc.constantFrom('c', 'R', 'n', 'M', 'm', 'u', 'y', 't', 'A', 'S', 'B', 'q'),
      )
      .map(([mark, numbers, final]) => `${esc}[${mark}${numbers}${final}`);
    const said = fc.oneof(
      fc.tuple(answer, end).map((parts) => parts.join('')),
      report,
    );
    const keys = fc.array(fc.constantFrom('j', '2', ']', '/'), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, said), { maxLength: 5 }), (parts) => {
        const text = parts.map(([typed, answered]) => typed.join('') + answered).join('');
        expect(keysOf(text)).toEqual(parts.flatMap(([typed]) => typed));
      }),
      { numRuns: 3000 },
    );
  });
});
