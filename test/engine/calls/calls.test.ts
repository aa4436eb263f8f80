import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../source/engine/calls/backoff.ts';
import { createBreakers } from '../../../source/engine/calls/breaker.ts';
import { createConcurrencyLimiter } from '../../../source/engine/calls/concurrency-limiter.ts';

describe('a breaker', () => {
  const create = () => {
    let time = 0;
    const breakers = createBreakers({ failures: 3, cooldownMs: 60_000, now: () => time });
    return { breakers, advance: (ms: number) => (time += ms) };
  };

  it('opens after three failures in a row, and after 60 s lets one call try', () => {
    const { breakers, advance } = create();
    expect([breakers.failed('m'), breakers.failed('m')]).toEqual([false, false]);
    expect(breakers.allows('m')).toBe(true);
    expect(breakers.failed('m')).toBe(true);
    expect([breakers.allows('m'), breakers.waitMs('m')]).toEqual([false, 60_000]);
    advance(60_000);
    expect(breakers.allows('m')).toBe(true);
    breakers.begin('m');
    expect(breakers.allows('m')).toBe(false);
    breakers.failed('m');
    expect(breakers.waitMs('m')).toBe(60_000);
    advance(60_000);
    breakers.begin('m');
    breakers.succeeded('m');
    expect(breakers.allows('m')).toBe(true);
  });

  it('counts failures in a row only, each model by itself', () => {
    const { breakers } = create();
    breakers.failed('m');
    breakers.failed('m');
    breakers.succeeded('m');
    breakers.failed('m');
    breakers.failed('other');
    expect([breakers.allows('m'), breakers.allows('other')]).toEqual([true, true]);
  });

  it('stays as it was after a call that says nothing', () => {
    const { breakers, advance } = create();
    for (let index = 0; index < 3; index += 1) breakers.failed('m');
    advance(60_000);
    breakers.begin('m');
    breakers.ignored('m');
    expect(breakers.allows('m')).toBe(true);
  });
});

describe('a concurrency limiter', () => {
  const create = (limit: number, now: () => number = () => 0) =>
    createConcurrencyLimiter({ limit, maxRetryAfterMs: 100, now });
  const leave = (entry: unknown): void => {
    if (typeof entry === 'function') entry();
  };

  it('halves its places on a rate limit and gives them back one by one', async () => {
    const gate = create(8);
    const controller = new AbortController();
    const entries = await Promise.all(
      Array.from({ length: 8 }, () => gate.enter(controller.signal)),
    );
    gate.rateLimited(0);
    expect(gate.limit()).toBe(4);
    for (const entry of entries) leave(entry);
    for (let index = 0; index < 4; index += 1) gate.succeeded();
    expect(gate.limit()).toBe(5);
    for (let index = 0; index < 1000; index += 1) gate.succeeded();
    expect(gate.limit()).toBe(8);
  });

  it('lets nobody in while the provider asked to be left alone', async () => {
    let time = 0;
    const gate = create(2, () => time);
    const controller = new AbortController();
    gate.rateLimited(10);
    expect(gate.pausedMs()).toBe(10);
    let entered = false;
    const waiting = gate.enter(controller.signal).then((entry) => {
      entered = true;
      return entry;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(entered).toBe(false);
    time = 10;
    expect(await waiting).toBeTypeOf('function');
  });

  it('turns away those who would have to wait too long', async () => {
    const gate = create(1);
    const controller = new AbortController();
    await gate.enter(controller.signal);
    const waiting = gate.enter(controller.signal);
    gate.rateLimited(101);
    expect(await waiting).toBe('paused');
    expect(await gate.enter(controller.signal)).toBe('paused');
  });

  it('forgets those who gave up waiting', async () => {
    const gate = create(1);
    const controller = new AbortController();
    const impatient = new AbortController();
    const first = await gate.enter(controller.signal);
    const given = gate.enter(impatient.signal);
    impatient.abort(new Error('enough'));
    expect(await given).toBe('aborted');
    const next = gate.enter(controller.signal);
    leave(first);
    expect(await next).toBeTypeOf('function');
  });
});

describe('a back-off', () => {
  it('grows, is capped, is spread, and is never shorter than asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
        (next, chance, retryAfterMs) => {
          const pause = backoffMs({
            next,
            baseMs: 500,
            capMs: 30_000,
            random: () => chance,
            ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
          });
          const ceiling = Math.min(30_000, 500 * 2 ** (next - 2));
          expect(pause).toBeGreaterThanOrEqual(retryAfterMs ?? ceiling / 2);
          expect(pause).toBeLessThanOrEqual((retryAfterMs ?? 0) + ceiling);
        },
      ),
    );
  });
});
