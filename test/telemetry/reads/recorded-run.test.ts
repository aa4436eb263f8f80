import { expect, it } from 'vitest';
import { recordedRunOf } from '../../../source/telemetry/reads/recorded-run.ts';

const task = {
  projectId: 'p',
  taskId: 't',
  taskType: 'summarization',
  model: 'm',
  score: 0.9,
  costUsd: 0.5,
  iterations: 1,
  deterministicPassed: true,
  recordedAt: 1000,
};
const call = {
  projectId: 'p',
  callId: '1',
  taskId: 't',
  taskType: 'summarization',
  attempt: 1,
  role: 'generator' as const,
  provider: 'local',
  model: 'm',
  costUsd: 0.2,
  costEstimated: false,
  latencyMs: 4000,
  outcome: 'ok' as const,
  recordedAt: 990,
};

it('begins with the first request that was sent, and costs what its requests did', () => {
  const run = recordedRunOf('p', { tasks: [task], calls: [call], hasEnded: true });
  expect(run).toMatchObject({ startedAt: 986, lastEventAt: 1000, spentUsd: 0.2 });
  expect(run?.tasks.get('t')).toMatchObject({ status: 'accepted', startedAt: 986 });
});

it('costs what its tasks did where no request is known', () => {
  const run = recordedRunOf('p', { tasks: [task], calls: [], hasEnded: true });
  expect(run).toMatchObject({ startedAt: 1000, spentUsd: 0.5 });
});

it('has failed where its score is 0, not where it has none', () => {
  const { score: _score, ...unscored } = task;
  const tasks = [
    { ...task, score: 0 },
    { ...unscored, taskId: 'u' },
  ];
  const run = recordedRunOf('p', { tasks, calls: [], hasEnded: true });
  expect(run?.tasks.get('t')?.status).toBe('failed');
  expect(run?.tasks.get('u')?.status).toBe('accepted');
});

it('fell short where its score is below the mark of its type', () => {
  const close = { ...task, score: 0.7999 };
  const run = recordedRunOf('p', { tasks: [close], calls: [], hasEnded: true });
  expect(run?.tasks.get('t')?.status).toBe('best-effort');
});

it('counts the tokens of a request only where both of its numbers are known', () => {
  const calls = [
    { ...call, callId: '1', inputTokens: 100, outputTokens: 20 },
    { ...call, callId: '2', inputTokens: 100 },
    { ...call, callId: '3', outputTokens: 20 },
    { ...call, callId: '4', inputTokens: 0, outputTokens: 0 },
  ];
  const run = recordedRunOf('p', { tasks: [task], calls, hasEnded: true });
  expect(run?.tasks.get('t')?.usage).toMatchObject([
    { role: 'generator', calls: 4, untold: 2, tokens: { input: 100, output: 20 } },
  ]);
});
