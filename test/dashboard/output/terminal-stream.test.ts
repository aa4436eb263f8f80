import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drained } from '../../../source/dashboard/output/stall.ts';
import { TerminalStream } from '../../../source/dashboard/output/terminal-stream.ts';

/** A terminal that takes what is written only when it is told to. */
function stalledTerminal() {
  const waiting: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 10,
    write(_chunk, _encoding, done) {
      waiting.push(done);
    },
  });
  return {
    stream: Object.assign(stream, { columns: 0, rows: 0 }) as unknown as NodeJS.WriteStream,
    takeOne: () => waiting.shift()?.(),
    takeAll: async () => {
      while (waiting.length > 0) {
        waiting.shift()?.();
        await Promise.resolve();
      }
    },
  };
}

function changes() {
  const listeners = new Set<() => void>();
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change: () => {
      for (const listener of listeners) listener();
    },
    listeners,
  };
}

describe('a terminal that takes nothing', () => {
  it('is drawn on again once it does, once for all that changed meanwhile', async () => {
    const { stream, takeAll } = stalledTerminal();
    const terminal = new TerminalStream(stream);
    const { subscribe, change, listeners } = changes();
    let drawn = 0;
    const unsubscribe = terminal.whileWritable(subscribe)(() => {
      drawn += 1;
    });
    change();
    expect(drawn).toBe(1);
    terminal.write('a whole frame');
    for (let second = 0; second < 1000; second += 1) change();
    expect(drawn).toBe(1);
    await takeAll();
    await vi.waitFor(() => expect(drawn).toBe(2));
    change();
    expect(drawn).toBe(3);
    unsubscribe();
    expect(listeners.size).toBe(0);
    expect(stream.listenerCount('drain')).toBe(0);
  });

  it('has the usual size where it knows none', () => {
    const terminal = new TerminalStream(stalledTerminal().stream);
    expect([terminal.columns, terminal.rows]).toEqual([80, 24]);
  });
});

describe('a line of characters whose width terminals disagree on', () => {
  it('cannot run into the next one, and leaves the terminal as it was', () => {
    const written: string[] = [];
    const stream = new Writable({
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        written.push(chunk);
        done();
      },
    });
    const terminal = new TerminalStream(stream as unknown as NodeJS.WriteStream);
    terminal.write('\u001B[1m│ plain … ▆ ✓'.replace('✓', '•'));
    terminal.write('│ ไทย');
    expect(written).toEqual(['\u001B[1m│ plain … ▆ •', '\u001B[?7l│ ไทย\u001B[?7h']);
  });
});

describe('leaving', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('does not wait for ever for a terminal that takes nothing', async () => {
    const { stream } = stalledTerminal();
    const terminal = new TerminalStream(stream);
    const done = vi.fn<() => void>();
    terminal.write('the last frame');
    terminal.write('', done);
    await vi.advanceTimersByTimeAsync(500);
    expect(done).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    expect(done).toHaveBeenCalled();
  });

  it('waits for one that is slow, while it takes something', async () => {
    const { stream, takeOne } = stalledTerminal();
    for (let line = 0; line < 5; line += 1) stream.write('a line');
    const out = drained(stream, 100);
    for (let line = 0; line < 6; line += 1) {
      await vi.advanceTimersByTimeAsync(90);
      takeOne();
    }
    expect(await out).toBe(true);
  });

  it('gives up one that has taken nothing for a while', async () => {
    const { stream } = stalledTerminal();
    stream.write('a line');
    const out = drained(stream, 100);
    await vi.advanceTimersByTimeAsync(250);
    expect(await out).toBe(false);
  });

  it('waits for nothing where all is out', async () => {
    expect(await drained(stalledTerminal().stream)).toBe(true);
  });
});
