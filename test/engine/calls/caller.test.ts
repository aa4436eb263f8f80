import { describe, expect, it } from 'vitest';
import { ModelCallError, type ModelClient } from '../../../source/domain/model-api.ts';
import type { EventPayload } from '../../../source/domain/run-event.ts';
import { emptyMoney, spend } from '../../../source/domain/run-money.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import type { CallRequest } from '../../../source/engine/calls/call.ts';
import { createCaller } from '../../../source/engine/calls/caller.ts';
import { defaultTuning, type Tuning } from '../../../source/engine/constants.ts';
import { createCostBounds } from '../../../source/engine/money/cost-bounds.ts';
import { createBudgetLedger } from '../../../source/engine/money/budget-ledger.ts';
import { createResumeState } from '../../../source/engine/resume-state.ts';

const offer = {
  id: 'alpha',
  provider: 'first',
  costUsd: ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }) =>
    (inputTokens + outputTokens) / 1e9,
};
/** Bytes of the texts, the wrapping of a request, and the limit of its output. */
const reservation = 'system'.length + 'prompt'.length + 256 + 100;

function create(
  client: ModelClient,
  options: { budget: number; keeps?: boolean; tuning?: Partial<Tuning>; now?: () => number },
) {
  const money = emptyMoney();
  const ledger = createBudgetLedger(options.budget, money);
  const emitted: EventPayload[] = [];
  let unrecorded = 0;
  const caller = createCaller({
    offers: new Map([['alpha', offer]]),
    client,
    ledger,
    bounds: createCostBounds(),
    resume: createResumeState([]),
    lastCallId: 0,
    emit: (payload) => {
      if (payload.type === 'call-finished') spend(money, payload);
      emitted.push(payload);
      return payload.type !== 'call-started' || (options.keeps ?? true);
    },
    random: seededRandom(1),
    tuning: { ...defaultTuning, breakerFailures: 1, triesPerCall: 1, ...options.tuning },
    callsPerProvider: 10,
    now: options.now ?? (() => 0),
    onUnrecorded: () => {
      unrecorded += 1;
    },
  });
  const admission = new AbortController();
  const request: CallRequest = {
    step: 'a/generate/1/1',
    role: 'generator',
    model: 'alpha',
    prompt: { system: 'system', prompt: 'prompt' },
    maxOutputTokens: 100,
    signals: { admission: admission.signal, execution: new AbortController().signal },
  };
  return { ledger, emitted, caller, admission, request, unrecorded: () => unrecorded };
}

/** A client whose answers come when they are let go. */
function held() {
  const waiting: ((error?: Error) => void)[] = [];
  const client: ModelClient = {
    generate: () =>
      new Promise((resolve, reject) => {
        waiting.push((error) => {
          if (error !== undefined) reject(error);
          else resolve({ text: 'Yes', finishReason: 'stop' });
        });
      }),
  };
  return { client, waiting };
}

describe('the money of a call', () => {
  it('is reserved for what the call can cost, and settled', async () => {
    const { client, waiting } = held();
    const { caller, ledger, request, emitted } = create(client, { budget: 10_000 });
    const call = caller.call(request);
    await expect.poll(() => waiting.length).toBe(1);
    expect(ledger.reserved()).toBe(reservation);
    expect(emitted[0]).toMatchObject({ type: 'call-started', reservedUsd: reservation / 1e9 });
    waiting[0]?.();
    await call;
    expect([ledger.reserved(), ledger.spent()]).toEqual([0, reservation]);
  });

  it('that waited for money and was cancelled holds nothing', async () => {
    const { client, waiting } = held();
    const { caller, ledger, request, admission, emitted } = create(client, { budget: reservation });
    const first = caller.call(request);
    await expect.poll(() => waiting.length).toBe(1);
    const second = caller.call({ ...request, step: 'b/generate/1/1' });
    // Both in the same turn: the money comes free, and nobody may start any more.
    emitted.push = (...items) => {
      if (items.some(({ type }) => type === 'call-finished')) admission.abort(new Error('stopped'));
      return Array.prototype.push.apply(emitted, items);
    };
    waiting[0]?.(new ModelCallError('bad-request', 'refused'));
    await first;
    expect(await second).toMatchObject({ ok: false, reason: 'aborted' });
    expect([ledger.reserved(), ledger.spent()]).toEqual([0, 0]);
    expect(waiting).toHaveLength(1);
  });

  it('whose model was found to be down while it waited holds nothing', async () => {
    const { client, waiting } = held();
    const { caller, ledger, request } = create(client, { budget: reservation * 2 - 1 });
    const first = caller.call(request);
    await expect.poll(() => waiting.length).toBe(1);
    const second = caller.call({ ...request, step: 'b/generate/1/1' });
    waiting[0]?.(new ModelCallError('overloaded', 'down', { isRetryable: false }));
    expect(await first).toMatchObject({ reason: 'overloaded' });
    expect(await second).toMatchObject({ reason: 'unhealthy' });
    expect(ledger.reserved()).toBe(0);
    expect(waiting).toHaveLength(1);
  });

  it('whose start cannot be kept holds nothing, and nothing is sent', async () => {
    const { client, waiting } = held();
    const all = create(client, { budget: 10_000, keeps: false });
    expect(await all.caller.call(all.request)).toMatchObject({ ok: false, reason: 'aborted' });
    expect([all.ledger.reserved(), all.ledger.spent(), all.unrecorded()]).toEqual([0, 0, 1]);
    expect(waiting).toHaveLength(0);
  });

  it.each(['network', 'timed-out', 'aborted'] as const)(
    'that ended in %s is charged as it may be billed',
    async (code) => {
      const client = { generate: () => Promise.reject(new ModelCallError(code, 'broken')) };
      const { caller, ledger, request, emitted } = create(client, { budget: 10_000 });
      const result = await caller.call(request);
      expect(result).toMatchObject({ ok: false, cost: 0, possibleCost: reservation });
      expect(ledger.spent()).toBe(reservation);
      expect(emitted.at(-1)).toMatchObject({ estimated: true, costUsd: reservation / 1e9 });
    },
  );
});

describe('a rate limit', () => {
  /** How often a provider is asked that always says to come back later. */
  async function asked(retryAfterMs: number): Promise<number> {
    let count = 0;
    const client: ModelClient = {
      generate: () => {
        count += 1;
        return Promise.reject(new ModelCallError('rate-limited', 'slow down', { retryAfterMs }));
      },
    };
    const { caller, request } = create(client, {
      budget: 1_000_000,
      tuning: {
        triesWhenRateLimited: 3,
        maxRetryAfterMs: 20,
        backoffBaseMs: 1,
        backoffCapMs: 2,
      },
      now: () => performance.now(),
    });
    expect(await caller.call(request)).toMatchObject({ ok: false, reason: 'rate-limited' });
    return count;
  }

  it('is met so many times and no more', async () => {
    expect(await asked(1)).toBe(3);
  });

  it('is waited for as long as anybody should wait, and not for longer', async () => {
    expect(await asked(20)).toBe(3);
    expect(await asked(21)).toBe(1);
  });
});
