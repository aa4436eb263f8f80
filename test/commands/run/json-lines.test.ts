import { expect, it } from 'vitest';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import type { NamedTaskResult } from '../../../source/domain/task-result.ts';
import { jsonLine } from '../../../source/commands/run/json-lines.ts';
import { endOfRun } from '../../dashboard/run-view/story.ts';

const named: NamedTaskResult = {
  taskId: 't',
  taskType: 'summarization',
  model: 'm',
  score: 0.9,
  costUsd: 0.01,
  iterations: 1,
  deterministicPassed: true,
};

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

it('says null where nobody judged an answer', () => {
  const { score: _judged, ...result } = named;
  const lines = endOfRun.flatMap((event): string[] => {
    const unjudged: RunEvent =
      event.type === 'task-finished'
        ? { ...event, result }
        : event.type === 'run-finished'
          ? { ...event, results: [result, named] }
          : event;
    const line = jsonLine(unjudged);
    return line === undefined ? [] : [line];
  });
  const values = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(values.find(({ type }) => type === 'task-finished')).toMatchObject({ score: null });
  expect(values.find(({ type }) => type === 'run-finished')).toMatchObject({
    results: [{ score: null }, { score: 0.9 }],
  });
});

it('keeps what the user asked and what models wrote out of it', () => {
  expect(printed.join('')).not.toMatch(/Build a rate limiter|the design/);
});
