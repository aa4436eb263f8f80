import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classify, factsOf } from '../../source/providers/classify.ts';
import { readErrorBody } from '../../source/providers/error-body.ts';
import { failureKinds, type FailureKind } from '../../source/providers/failure-kinds.ts';

type Sample = { provider: string; status: number; body: unknown };

/** What providers, servers and gateways answer, by what it means. */
const samples: Record<string, Sample[]> = JSON.parse(
  readFileSync(new URL('error-bodies.json', import.meta.url), 'utf8'),
);

function kindOf(status: number, answer: unknown, model = 'some-model-1'): FailureKind {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return classify(factsOf({ status, model, text, body: readErrorBody(text) }));
}

describe.each(Object.entries(samples))('%s', (kind, answers) => {
  it.each(answers.map(({ provider, status, body }) => [provider, status, body] as const))(
    'is what %s means with %i and %j',
    (_provider, status, body) => {
      expect(kindOf(status, body)).toBe(kind);
    },
  );
});

it('has an example for every kind of failure', () => {
  const withoutExample = Object.keys(failureKinds).filter((kind) => !(kind in samples));
  // By its status alone.
  expect(withoutExample).toEqual(['timed-out', 'redirect', 'error-in-answer']);
  expect([408, 504, 524].map((status) => kindOf(status, ''))).toEqual([
    'timed-out',
    'timed-out',
    'timed-out',
  ]);
  expect([300, 304].map((status) => kindOf(status, ''))).toEqual(['redirect', 'redirect']);
  expect(kindOf(200, { error: { message: 'odd' } })).toBe('error-in-answer');
});

describe('a hostile body', () => {
  const many = Array.from({ length: 5000 }, () => ({ error: { message: 'x' } }));
  it.each<[string, string]>([
    ['deep', '['.repeat(60_000)],
    ['deep and whole', `${'{"error":'.repeat(7000)}{}${'}'.repeat(7000)}`],
    ['long', JSON.stringify({ error: { message: 'x'.repeat(1_000_000) } })],
    ['of many details', JSON.stringify({ error: { details: many } })],
    ['of strange types', '{"error":{"message":{"a":1},"code":[1],"details":"x","param":7}}'],
    ['with a prototype', '{"__proto__":{"error":"x"},"error":{"constructor":1,"message":"m"}}'],
  ])('that is %s is read within a moment', (_name, text) => {
    const startedAt = performance.now();
    kindOf(400, text);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
