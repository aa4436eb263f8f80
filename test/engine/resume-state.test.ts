import { expect, it } from 'vitest';
import type { RunEventOf } from '../../source/domain/run-event.ts';
import { createResumeState } from '../../source/engine/resume-state.ts';

const finished = (more: Partial<RunEventOf<'call-finished'>>): RunEventOf<'call-finished'> => ({
  type: 'call-finished',
  projectId: 'p',
  at: 1,
  callId: '1',
  step: 'a/generate/1/1',
  role: 'generator',
  provider: 'first',
  model: 'alpha',
  costUsd: 0.25,
  estimated: false,
  latencyMs: 5,
  outcome: 'ok',
  answer: { text: 'Yes', finishReason: 'stop' },
  ...more,
});

it('an answer of an earlier part has its price; one whose cost is unknown teaches none', () => {
  const answerOf = (more: Partial<RunEventOf<'call-finished'>>) =>
    createResumeState([finished(more)]).answer('a/generate/1/1');
  expect(answerOf({})).toMatchObject({ text: 'Yes', cost: 250_000_000, possibleCost: 0 });
  expect(answerOf({ estimated: true })).toMatchObject({ cost: 0, possibleCost: 250_000_000 });
});
