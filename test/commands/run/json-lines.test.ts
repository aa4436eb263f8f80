import { expect, it } from 'vitest';
import { jsonLine } from '../../../source/commands/run/json-lines.ts';
import { endOfRun } from '../../dashboard/run-view/story.ts';

const printed = endOfRun.map(jsonLine).filter((line) => line !== undefined);

it('prints one JSON object per line, of the documented types alone', () => {
  expect(
    printed.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1),
  ).toBe(true);
  const types = printed.map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types).toEqual([
    'run-started',
    'task-started',
    'attempt-finished',
    'task-finished',
    'task-started',
    'run-finished',
  ]);
});

it('names project and time in every line', () => {
  for (const line of printed) {
    expect(JSON.parse(line)).toMatchObject({
      projectId: 'p-7f3a',
      at: expect.any(Number) as number,
    });
  }
});

it('keeps what the user asked and what models wrote out of it', () => {
  expect(printed.join('')).not.toMatch(/Build a rate limiter|the design/);
});
