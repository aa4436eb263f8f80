import { describe, expect, it } from 'vitest';
import { chargeOfAnswer } from '../../../source/engine/calls/charge.ts';

/** A billionth of a dollar per token: money is tokens. */
const offer = {
  id: 'alpha',
  provider: 'first',
  costUsd: ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }) =>
    (inputTokens + outputTokens) / 1e9,
};
const exchanged = { promptBytes: 800, inputTokens: 1056, maxOutputTokens: 1000, answerBytes: 400 };
const unknown = { reserved: 2056, verdict: undefined };

describe('an answer that does not say what it used', () => {
  it('is charged what was reserved, of which the length of the texts is learned as its price', () => {
    const charge = chargeOfAnswer(offer, { ...unknown, exchanged });
    expect(charge).toEqual({ cost: 2056, learned: 200 + 100, estimated: true });
  });

  it('is never learned to cost more than it was charged', () => {
    const charge = chargeOfAnswer(offer, { ...unknown, reserved: 50, exchanged });
    expect(charge).toEqual({ cost: 50, learned: 50, estimated: true });
  });

  it('and is longer than its limit allows is charged by its length', () => {
    const long = { ...exchanged, answerBytes: 1000 * 16 + 1 };
    const charge = chargeOfAnswer(offer, { ...unknown, exchanged: long });
    expect(charge.cost).toBe(1056 + Math.ceil(long.answerBytes / 4));
    const within = { ...exchanged, answerBytes: 1000 * 16 };
    expect(chargeOfAnswer(offer, { ...unknown, exchanged: within }).cost).toBe(2056);
  });

  it('is charged no less than was reserved, however long it is', () => {
    const long = { ...exchanged, answerBytes: 16_001 };
    expect(chargeOfAnswer(offer, { ...unknown, reserved: 9000, exchanged: long }).cost).toBe(9000);
  });

  it('of a free model is free, and not estimated', () => {
    const free = { ...offer, costUsd: () => 0 };
    const charge = chargeOfAnswer(free, { ...unknown, reserved: 0, exchanged });
    expect(charge).toEqual({ cost: 0, learned: 0, estimated: false });
  });
});
