import { describe, expect, it } from 'vitest';
import { emptyMoney } from '../../../source/domain/run-money.ts';
import type { CallRequest, CallResult } from '../../../source/engine/calls/call.ts';
import { callWithRoom } from '../../../source/engine/calls/call-with-room.ts';
import { createReasoningRoom } from '../../../source/engine/calls/reasoning-room.ts';
import { createBudgetLedger } from '../../../source/engine/money/budget-ledger.ts';
import { createCostBounds } from '../../../source/engine/money/cost-bounds.ts';

const offer = {
  id: 'alpha',
  provider: 'first',
  costUsd: ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }) =>
    (inputTokens + outputTokens) / 1e9,
};
const request: CallRequest = {
  step: 'a/generate/1/1',
  role: 'generator',
  model: 'alpha',
  prompt: { system: '', prompt: '' },
  maxOutputTokens: 1000,
  signals: { admission: new AbortController().signal, execution: new AbortController().signal },
};

/** The limits that answers, all cut off, were asked with. */
async function limitsAsked(budget: number): Promise<number[]> {
  const limits: number[] = [];
  const cut: CallResult = {
    ok: true,
    model: 'alpha',
    text: 'Half of',
    finishReason: 'length',
    cut: 'answer',
    cost: 0,
    possibleCost: 0,
    latencyMs: 1,
  };
  await callWithRoom(
    {
      caller: {
        call: ({ maxOutputTokens }) => {
          limits.push(maxOutputTokens);
          return Promise.resolve(cut);
        },
        isHealthy: () => true,
        recoversInMs: () => 0,
      },
      offers: new Map([['alpha', offer]]),
      ledger: createBudgetLedger(budget, emptyMoney()),
      bounds: createCostBounds(),
      room: createReasoningRoom(),
    },
    request,
    { onCut: () => {} },
  );
  return limits;
}

/** What a call with that limit may cost: its output, and the wrapping of its input. */
const most = (limit: number): number => limit + 256;

describe('an answer that was cut off', () => {
  it('is asked for again with twice and four times the room', async () => {
    expect(await limitsAsked(1_000_000)).toEqual([1000, 2000, 4000]);
  });

  it('is given more room for half of the money that is left, and no more', async () => {
    expect(await limitsAsked(2 * most(2000))).toEqual([1000, 2000]);
    expect(await limitsAsked(2 * most(2000) - 1)).toEqual([1000]);
  });
});
