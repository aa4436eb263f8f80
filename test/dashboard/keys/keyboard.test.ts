import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Input } from '../../../source/dashboard/keys/decode.ts';
import { openKeyboard } from '../../../source/dashboard/keys/keyboard.ts';

const esc = '\u001B';

function openFakeKeyboard() {
  const modes: boolean[] = [];
  const input: string[] = [];
  let ends = 0;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(isRaw: boolean) {
      modes.push(isRaw);
      return stdin;
    },
    ref: () => stdin,
    unref: () => stdin,
  });
  const keyboard = openKeyboard(stdin as unknown as NodeJS.ReadStream, {
    onInput: (read: readonly Input[]) =>
      input.push(
        ...read.flatMap((each) => {
          if (each.type === 'background') return [];
          return each.type === 'key' ? each.key : `pasted ${each.text}`;
        }),
      ),
    onEnd: () => {
      ends += 1;
    },
  });
  return {
    keyboard,
    stdin,
    modes,
    input,
    ends: () => ends,
    send: (text: string) => stdin.emit('data', Buffer.from(text)),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a keyboard', () => {
  it('waits for the rest of a sequence over a slow line', () => {
    const { send, input } = openFakeKeyboard();
    for (const read of [esc, '[', '1;', '5B']) {
      send(read);
      vi.advanceTimersByTime(200);
    }
    expect(input).toEqual(['down']);
  });

  it('takes a lone Esc for the key when nothing follows, before a person doubts it', () => {
    const { send, input } = openFakeKeyboard();
    send(esc);
    vi.advanceTimersByTime(150);
    expect(input).toEqual([]);
    vi.advanceTimersByTime(150);
    expect(input).toEqual(['escape']);
  });

  it('looks for what has come meanwhile before it takes Esc for the key', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { send, input } = openFakeKeyboard();
    send(esc);
    vi.advanceTimersByTime(300);
    send('[A');
    expect(input).toEqual(['up']);
  });

  it('drops a sequence that is never ended, and takes what is typed then', () => {
    const { send, input } = openFakeKeyboard();
    send(`${esc}]11;rgb:1e1e`);
    vi.advanceTimersByTime(1100);
    send('j');
    expect(input).toEqual(['j']);
  });

  it('lets no sequence swallow for ever what is typed', () => {
    const { send, input } = openFakeKeyboard();
    send(`${esc}]11;rgb:`);
    for (let second = 0; second < 60 && input.length === 0; second += 1) {
      vi.advanceTimersByTime(500);
      send('j');
    }
    expect(input).toEqual(['j']);
  });

  it('holds a paste together, and gives it up when its end never comes', () => {
    const { send, input } = openFakeKeyboard();
    send(`${esc}[200~quit`);
    vi.advanceTimersByTime(2000);
    send(` now${esc}[201~`);
    expect(input).toEqual(['pasted quit now']);
    send(`${esc}[200~and`);
    vi.advanceTimersByTime(4000);
    send('j');
    expect(input).toEqual(['pasted quit now', 'pasted and', 'j']);
  });

  it('gives the terminal back and takes it again', () => {
    const { keyboard, send, input, modes } = openFakeKeyboard();
    keyboard.release();
    keyboard.release();
    send('j');
    keyboard.resume();
    send('k');
    expect(modes).toEqual([true, false, true]);
    expect(input).toEqual(['k']);
  });

  it.each(['end', 'error'])('says when the terminal is gone, by %s', (event) => {
    const { stdin, modes, ends } = openFakeKeyboard();
    stdin.emit(event, new Error('read EIO'));
    stdin.emit('error', new Error('read EIO'));
    expect(ends()).toBe(1);
    expect(modes).toEqual([true, false]);
  });
});
