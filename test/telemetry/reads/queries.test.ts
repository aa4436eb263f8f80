import { expect, it } from 'vitest';
import { queries } from '../../../source/telemetry/reads/queries.ts';

type Told = { taskId?: string | null; role?: string; score?: number | null };

/** What a row of a call comes to. */
const read = ({ taskId = 't', role = 'judge', score = 0.5 }: Told) =>
  queries
    .supportCalls({ most: 9 })
    .of([['p', taskId, 'summarization', 2, role, 'local', 'judge-1', 'm', score, 'ok']])[0];

it.each([0, 0.4, 1])('reads a judgement of %d as it was given', (score) => {
  expect(read({ score })).toMatchObject({ score, subject: 'm', answer: 'p/t/2' });
});

it.each([null, -0.1, 1.1])('leaves out a score of %s, and keeps the call', (score) => {
  expect(read({ score })).toMatchObject({ model: 'judge-1', outcome: 'ok' });
  expect(read({ score })).not.toHaveProperty('score');
});

it('names no answer where a call belongs to no task', () => {
  const planned = read({ taskId: null, role: 'planner', score: null });
  expect(planned).toMatchObject({ role: 'planner' });
  expect(planned).not.toHaveProperty('answer');
});

it('passes over a role that nobody here knows', () => {
  expect(read({ role: 'poet' })).toBeUndefined();
});
