import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutgoing } from '../../source/telemetry/write/outgoing.ts';
import { type Batch, noRows } from '../../source/telemetry/database/columns.ts';

describe('records on their way out', () => {
  let sent: Batch[] = [];
  const row = (number: number) => [`t${number}`];
  const sizes = () => sent.map(({ events }) => events.length);
  const open = () => createOutgoing('7', 20, (batch) => sent.push(batch));

  beforeEach(() => {
    sent = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('leave together, a moment after the first of them', () => {
    const outgoing = open();
    for (let one = 0; one < 40; one += 1) outgoing.add({ events: [row(one)] });
    outgoing.addOnce({ writer: '1', number: 1 }, { ...noRows(), events: [row(40)] });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(sizes()).toEqual([40, 1]);
    expect(sent.map(({ number, once }) => [number, once?.writer])).toEqual([
      [1, undefined],
      [2, '1'],
    ]);
  });

  it('make their rows when they leave, before what is added after them', () => {
    const outgoing = open();
    let made = 0;
    const later = (number: number) => {
      outgoing.later(() => {
        made += 1;
        outgoing.add({ events: [row(number)] });
      });
    };
    later(0);
    later(1);
    expect(made).toBe(0);
    outgoing.add({ events: [row(2)] });
    expect(made).toBe(2);
    later(3);
    vi.advanceTimersByTime(20);
    expect(sent.map(({ events }) => events)).toEqual([[row(0), row(1), row(2), row(3)]]);
    for (let one = 4; one < 2000; one += 1) later(one);
    outgoing.send();
    expect(sent.flatMap(({ events }) => events)).toEqual(
      Array.from({ length: 2000 }, (_, one) => row(one)),
    );
  });

  it('leave in turns of the loop, a batch in each', () => {
    const outgoing = open();
    for (let one = 0; one < 950; one += 1) outgoing.add({ events: [row(one)] });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(sizes()).toEqual([500]);
    vi.advanceTimersByTime(1);
    expect(sizes()).toEqual([500, 450]);
    expect(sent.flatMap(({ events }) => events)).toEqual(
      Array.from({ length: 950 }, (_, one) => row(one)),
    );
  });

  it('of a long burst leave while it lasts, so that they are written meanwhile', () => {
    const outgoing = open();
    for (let one = 0; one < 1700; one += 1) outgoing.add({ events: [row(one)] });
    expect(sizes()).toEqual([500, 500]);
    vi.advanceTimersByTime(21);
    expect(sizes()).toEqual([500, 500, 500, 200]);
    expect(sent.flatMap(({ events }) => events)).toEqual(
      Array.from({ length: 1700 }, (_, one) => row(one)),
    );
  });

  it('of their own name leave a long burst one by one: none of them pays for many', () => {
    const outgoing = open();
    for (let one = 0; one < 1100; one += 1) {
      const before = sent.length;
      outgoing.addOnce({ writer: '1', number: one }, { ...noRows(), events: [row(one)] });
      expect(sent.length - before).toBeLessThanOrEqual(1);
    }
    expect(sent.length).toBeGreaterThan(100);
    outgoing.send();
    expect(sent.map(({ once }) => once?.number)).toEqual(Array.from({ length: 1100 }, (_, n) => n));
  });

  it('are bounded where a caller never returns, and all go when they are asked for', () => {
    const outgoing = open();
    for (let one = 0; one < 12_000; one += 1) outgoing.add({ events: [row(one)] });
    expect(sent.length).toBeGreaterThan(10);
    outgoing.send();
    expect(sent.flatMap(({ events }) => events)).toHaveLength(12_000);
    expect(outgoing.last()).toBe(sent.length);
    outgoing.add({ events: [row(1)] });
    expect(outgoing.take().map(({ number }) => number)).toEqual([sent.length + 1]);
    vi.advanceTimersByTime(100);
    expect(sent.flatMap(({ events }) => events)).toHaveLength(12_000);
  });
});
