import { expect, it } from 'vitest';
import { messageOfStatus } from '../../source/engine/status.ts';

it.each([
  [{ accepted: 2, usable: 4 }, 'Of 5 tasks, 2 accepted, 2 short of the mark, 1 not finished.'],
  [
    { accepted: 0, usable: 0 },
    'Of 5 tasks, 0 accepted, 0 short of the mark, 4 failed, 1 not finished.',
  ],
  [
    { accepted: 1, usable: 3 },
    'Of 5 tasks, 1 accepted, 2 short of the mark, 1 failed, 1 not finished.',
  ],
])('tells tasks that failed from those that fell short: %j', (counts, message) => {
  expect(messageOfStatus('partial', { planned: 5, unfinished: 1, ...counts })).toBe(message);
});
