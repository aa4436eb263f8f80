import { describe, expect, it } from 'vitest';
import { ModelCallError, type ModelOffer } from '../../../source/domain/model-api.ts';
import { createHealth } from '../../../source/engine/calls/health.ts';
import { createPauses } from '../../../source/engine/calls/pauses.ts';
import { defaultTuning } from '../../../source/engine/constants.ts';

const minute = 60_000;

function create(models: Record<string, string> = { a: 'p', b: 'p', c: 'q' }) {
  let time = 0;
  const notices: string[] = [];
  const offers = new Map(
    Object.entries(models).map(([id, provider]): [string, ModelOffer] => [
      id,
      { id, provider, costUsd: () => 0 },
    ]),
  );
  const health = createHealth({
    offers,
    tuning: defaultTuning,
    callsPerProvider: 4,
    now: () => time,
    emit: (event) => {
      if (event.type === 'notice') notices.push(event.message);
      return true;
    },
  });
  const offerOf = (id: string): ModelOffer => {
    const offer = offers.get(id);
    if (offer === undefined) throw new Error(`no model ${id}`);
    return offer;
  };
  return {
    ...health,
    notices,
    advance: (ms: number) => (time += ms),
    fail: (id: string, ...[code, options]: [ModelCallError['code'], object?]) =>
      health.failed(offerOf(id), new ModelCallError(code, `${code} of ${id}`, options)),
    answer: (id: string) => health.succeeded(offerOf(id)),
    enter: (id: string) => health.enter(offerOf(id), new AbortController().signal),
    healthy: () => [...offers.keys()].filter((id) => health.isHealthy(id)),
  };
}

describe('what only the user can change', () => {
  it('leaves out the provider, and is said once', () => {
    const health = create();
    health.fail('a', 'unauthorized');
    health.fail('b', 'unauthorized');
    expect(health.healthy()).toEqual(['c']);
    expect(health.recoversInMs('a')).toBeUndefined();
    expect(health.notices).toEqual(['p is left out of this run: unauthorized of a']);
  });

  it.each<[ModelCallError['code'], object]>([
    ['unauthorized', { affects: 'model' }],
    ['unknown-model', {}],
    ['bad-request', { blame: 'user', affects: 'model' }],
  ])('%s leaves out the one model it is about', (code, options) => {
    const health = create();
    health.fail('a', code, options);
    expect(health.healthy()).toEqual(['b', 'c']);
    expect(health.notices).toEqual([`a is left out of this run: ${code} of a`]);
  });

  it('is the provider’s where three of its models refuse access and none answers', () => {
    const models = { a: 'p', b: 'p', c: 'p', d: 'p', e: 'q' };
    const refusing = create(models);
    const answering = create(models);
    answering.answer('d');
    for (const id of ['a', 'b', 'c']) {
      refusing.fail(id, 'unauthorized', { affects: 'model' });
      answering.fail(id, 'unauthorized', { affects: 'model' });
    }
    expect(refusing.healthy()).toEqual(['e']);
    expect(answering.healthy()).toEqual(['d', 'e']);
  });

  it('of one request leaves out nobody', () => {
    const health = create();
    health.fail('a', 'bad-request', { blame: 'user', affects: 'request' });
    health.fail('a', 'bad-request');
    expect(health.healthy()).toEqual(['a', 'b', 'c']);
  });

  describe('as a request that is refused for a reason nobody knows', () => {
    const unknown = ['bad-request', { blame: 'user' }] as const;

    it('leaves out the model at the third, and says so once', () => {
      const health = create();
      health.fail('a', ...unknown);
      health.fail('a', ...unknown);
      expect([health.healthy(), health.notices]).toEqual([['a', 'b', 'c'], []]);
      health.fail('a', ...unknown);
      health.fail('a', ...unknown);
      expect(health.healthy()).toEqual(['b', 'c']);
      expect(health.notices).toEqual(['a is left out of this run: bad-request of a']);
    });

    it('leaves a model in use that has answered', () => {
      const health = create();
      health.answer('a');
      for (let request = 0; request < 10; request += 1) health.fail('a', ...unknown);
      expect(health.healthy()).toEqual(['a', 'b', 'c']);
    });

    it('leaves out the provider of which three models refuse and none answers', () => {
      const health = create({ a: 'p', b: 'p', c: 'p', d: 'p', e: 'q' });
      for (const id of ['a', 'b', 'c']) health.fail(id, ...unknown);
      expect(health.healthy()).toEqual(['e']);
    });
  });

  it('is no more than a pause once the provider has answered: the network is what changed', () => {
    const health = create();
    health.answer('a');
    health.fail('a', 'misconfigured');
    expect(health.recoversInMs('a')).toBeGreaterThan(0);
    expect(health.notices).toEqual([]);
  });
});

describe('a rate limit', () => {
  it('of one model leaves the others in use', () => {
    const health = create();
    health.fail('a', 'rate-limited', { affects: 'model', retryAfterMs: 10 * minute });
    expect(health.healthy()).toEqual(['b', 'c']);
    expect(health.recoversInMs('a')).toBe(10 * minute);
    expect(health.recoversInMs('b')).toBe(0);
  });

  it('that is short holds for the whole provider', () => {
    const health = create();
    health.fail('a', 'rate-limited', { retryAfterMs: 3000 });
    expect(health.recoversInMs('b')).toBe(3000);
    expect(health.recoversInMs('c')).toBe(0);
  });

  it('that is long holds for the provider once a second of its models met it', () => {
    const health = create({ a: 'p', b: 'p', d: 'p', c: 'q' });
    health.fail('a', 'rate-limited', { retryAfterMs: 10 * minute });
    expect(health.healthy()).toEqual(['b', 'd', 'c']);
    health.fail('b', 'rate-limited', { retryAfterMs: 8 * minute });
    expect(health.healthy()).toEqual(['c']);
    expect(health.recoversInMs('d')).toBe(8 * minute);
    expect(health.recoversInMs('a')).toBe(10 * minute);
  });

  it('that is long holds at once where the provider has one model', () => {
    const health = create({ a: 'p' });
    health.fail('a', 'rate-limited', { retryAfterMs: 366 * 86_400_000 });
    expect(health.healthy()).toEqual([]);
  });
});

describe('a server that is not up yet', () => {
  const loading = { blame: 'nobody' };

  it('is asked again after 1, 2, 4 … at most 30 seconds, without a breaker', () => {
    const health = create();
    const waits = Array.from({ length: 7 }, () => {
      health.fail('a', 'overloaded', loading);
      const wait = health.recoversInMs('a') ?? Number.NaN;
      health.advance(wait);
      return wait;
    });
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(health.notices).toEqual([]);
    health.answer('a');
    health.fail('a', 'network', loading);
    expect(health.recoversInMs('a')).toBe(1000);
  });

  it('and that was never there is left out after a minute, with all of its provider', () => {
    const health = create();
    for (let seconds = 0; seconds < 60; seconds += 10) {
      health.fail('a', 'network', loading);
      health.advance(10_000);
    }
    expect(health.notices).toEqual([]);
    health.fail('b', 'network', loading);
    expect(health.healthy()).toEqual(['c']);
    expect(health.notices).toEqual(['p is left out of this run: network of b']);
  });

  it.each([
    ['answers', (health: ReturnType<typeof create>) => health.answer('a')],
    ['says that it is loading', (health) => health.fail('a', 'overloaded', loading)],
  ] satisfies [string, (health: ReturnType<typeof create>) => void][])(
    'is waited for on and on if it %s meanwhile',
    (_what, happen) => {
      const health = create();
      health.fail('a', 'network', loading);
      health.advance(minute);
      happen(health);
      health.fail('a', 'network', loading);
      expect(health.recoversInMs('a')).toBeDefined();
      expect(health.notices).toEqual([]);
    },
  );

  it('counts calls that failed side by side as one failure', () => {
    const health = create();
    for (let call = 0; call < 5; call += 1) health.fail('a', 'network', loading);
    expect(health.recoversInMs('a')).toBe(1000);
  });

  it('turns calls away where the pause is longer than anybody should wait', async () => {
    const health = create();
    health.fail('a', 'rate-limited', { affects: 'model', retryAfterMs: minute });
    expect(await health.enter('a')).toBe('unhealthy');
    expect(await health.enter('b')).toBeTypeOf('function');
  });
});

it('a pause is never shortened by a later, shorter one', () => {
  let time = 0;
  const pauses = createPauses({ now: () => time, firstMs: 10, longestMs: 100 });
  pauses.pause('m', 5000);
  pauses.pause('m', 10);
  time = 20;
  expect(pauses.remainingMs('m')).toBe(4980);
});
