import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutgoing } from '../../source/telemetry/write/outgoing.ts';
import { type Batch, noRows } from '../../source/telemetry/write/rows.ts';

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

  it('never leave from within a record, but together a moment later', () => {
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

  it('leave a burst batch by batch, each in a turn of its own', () => {
    const outgoing = open();
    for (let one = 0; one < 1700; one += 1) outgoing.add({ events: [row(one)] });
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(sizes()).toEqual([500]);
    vi.advanceTimersByTime(1);
    expect(sizes()).toEqual([500, 500]);
    vi.advanceTimersByTime(10);
    expect(sizes()).toEqual([500, 500, 500, 200]);
    expect(sent.flatMap(({ events }) => events)).toEqual(
      Array.from({ length: 1700 }, (_, one) => row(one)),
    );
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
