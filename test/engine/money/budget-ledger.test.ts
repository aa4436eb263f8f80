import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MoneyPhase } from '../../../source/domain/run-event.ts';
import { emptyMoney } from '../../../source/domain/run-money.ts';
import { createCostBounds, inputTokenBound } from '../../../source/engine/money/cost-bounds.ts';
import {
  createBudgetLedger,
  type Reservation,
} from '../../../source/engine/money/budget-ledger.ts';
import { toNano, toNanoCeiling, toUsd } from '../../../source/domain/nano-dollars.ts';

/** A ledger, and its reservations ended by what their calls cost. */
function open(budget: number) {
  const account = emptyMoney();
  const ledger = createBudgetLedger(budget, account);
  const charge = (phase: MoneyPhase, cost: number): void => {
    account.spent += cost;
    account.byPhase[phase] += cost;
  };
  const settle = (reservation: Reservation | undefined, phase: MoneyPhase, cost: number): void => {
    charge(phase, cost);
    reservation?.release();
  };
  return { ledger, account, charge, settle };
}

const phases: readonly MoneyPhase[] = ['decomposition', 'generation', 'review', 'evaluation'];

describe('the ledger', () => {
  it('never holds more than the budget, whatever is reserved and settled in any order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1000 }),
        fc.array(
          fc.record({
            amount: fc.integer({ min: 0, max: 400 }),
            share: fc.double({ min: 0, max: 1, noNaN: true }),
            phase: fc.constantFrom(...phases),
          }),
          { maxLength: 40 },
        ),
        async (budget, calls) => {
          const { ledger, account, settle } = open(budget);
          let total = 0;
          const within = (): void => {
            expect(ledger.spent() + ledger.reserved()).toBeLessThanOrEqual(budget);
          };
          await Promise.all(
            calls.map(async ({ amount, share, phase }, index) => {
              const reservation = await ledger.reserve(phase, amount);
              within();
              if (reservation === undefined) return;
              for (let turn = 0; turn < index % 5; turn += 1) await Promise.resolve();
              const cost = Math.floor(amount * share);
              total += cost;
              settle(reservation, phase, cost);
              reservation.release();
              within();
            }),
          );
          expect([ledger.spent(), ledger.reserved()]).toEqual([total, 0]);
          const byPhase = Object.values(account.byPhase);
          expect(byPhase.reduce((sum, amount) => sum + amount, 0)).toBe(total);
        },
      ),
    );
  });

  it('waits for money in flight that may come back, and not for money that is gone', async () => {
    const { ledger, settle } = open(100);
    const first = await ledger.reserve('generation', 80);
    const second = ledger.reserve('generation', 50);
    const third = ledger.reserve('generation', 70);
    settle(first, 'generation', 40);
    expect((await second)?.amount).toBe(50);
    expect(await third).toBeUndefined();
    expect(await ledger.reserve('generation', 61)).toBeUndefined();
  });

  it('lets those go who stop waiting, and serves the next', async () => {
    const { ledger, settle } = open(100);
    const first = await ledger.reserve('review', 90);
    const controller = new AbortController();
    const given = ledger.reserve('review', 60, controller.signal);
    const small = ledger.reserve('review', 10);
    controller.abort(new Error('enough'));
    expect(await given).toBeUndefined();
    expect((await small)?.amount).toBe(10);
    settle(first, 'review', 0);
  });

  it('lets a phase have what the others did not use of the work that is done', () => {
    const { ledger, charge } = open(100);
    expect(ledger.withinShare('review', 30, 0)).toBe(true);
    expect(ledger.withinShare('review', 31, 0)).toBe(false);
    expect(ledger.withinShare('review', 60, 0.5)).toBe(true);
    charge('generation', 40);
    expect(ledger.withinShare('review', 60, 0.5)).toBe(false);
    expect(ledger.withinShare('review', 30, 0.5)).toBe(true);
  });
});

describe('the edge of the budget', () => {
  it('may be reached to the last billionth, and not passed by one', async () => {
    const { ledger, settle } = open(100);
    expect(await ledger.reserve('review', 101)).toBeUndefined();
    const all = await ledger.reserve('review', 100);
    expect(all?.amount).toBe(100);
    const waiting = ledger.reserve('review', 60);
    settle(all, 'review', 40);
    expect((await waiting)?.amount).toBe(60);
    expect(ledger.remaining()).toBe(60);
    expect(await ledger.reserve('review', 61)).toBeUndefined();
  });

  it('is the edge for those who wait, too', async () => {
    const { ledger, settle } = open(100);
    const all = await ledger.reserve('review', 100);
    const tooMuch = ledger.reserve('review', 61);
    settle(all, 'review', 40);
    expect(await tooMuch).toBeUndefined();
    expect(ledger.reserved()).toBe(0);
  });

  it('of a share counts what is reserved, and no longer once it is given back', async () => {
    const { ledger, settle } = open(100);
    const reservation = await ledger.reserve('review', 20);
    expect(ledger.withinShare('review', 10, 0)).toBe(true);
    expect(ledger.withinShare('review', 11, 0)).toBe(false);
    settle(reservation, 'review', 0);
    expect(ledger.withinShare('review', 30, 0)).toBe(true);
    const again = await ledger.reserve('review', 20);
    settle(again, 'review', 5);
    expect(ledger.withinShare('review', 25, 0)).toBe(true);
    expect(ledger.withinShare('review', 26, 0)).toBe(false);
  });
});

describe('money', () => {
  it('is exact over a million small sums', () => {
    let sum = 0;
    for (let index = 0; index < 1_000_000; index += 1) sum += toNano(0.1 / 1000);
    expect(toUsd(sum)).toBe(100);
  });

  it('is rounded up for a reservation, and not by a billionth too much', () => {
    expect(toNanoCeiling(0.1 + 0.2)).toBe(300_000_000);
    expect(toNanoCeiling(0.000_000_000_1)).toBe(1);
    expect(toNanoCeiling(Number.NaN)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is bounded by the bytes of the input and the limit of the output', () => {
    const offer = {
      id: 'm',
      provider: 'p',
      costUsd: ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }) =>
        (inputTokens + 2 * outputTokens) / 1e6,
    };
    const request = { system: 'é', prompt: '😀😀', maxOutputTokens: 100 };
    expect(inputTokenBound(request)).toBe(2 + 8 + 256);
    expect(createCostBounds().largest(offer, request)).toBe((266 + 200) * 1000);
  });

  it('counts a higher price for writing to the cache', () => {
    const offer = {
      id: 'm',
      provider: 'p',
      costUsd: (usage: { inputTokens: number; cacheWriteTokens?: number }) =>
        (usage.inputTokens + 0.25 * (usage.cacheWriteTokens ?? 0)) / 1e6,
    };
    expect(createCostBounds().largest(offer, { prompt: '', maxOutputTokens: 1 })).toBe(256 * 1250);
  });

  it('counts a higher price for reading from the cache, where a price list has one', () => {
    const offer = {
      id: 'm',
      provider: 'p',
      costUsd: (usage: { inputTokens: number; cachedInputTokens: number }) =>
        (usage.inputTokens + usage.cachedInputTokens) / 1e6,
    };
    expect(createCostBounds().largest(offer, { prompt: '', maxOutputTokens: 1 })).toBe(256 * 2000);
  });
});
