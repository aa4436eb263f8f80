import fc from 'fast-check';
import { appendFileSync, copyFileSync, renameSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { journalPath, openJournal, readRun } from '../../../source/engine/index.ts';
import { eachEvent, eachEventWithoutText } from '../../../source/engine/journal/read.ts';
import type { TextPlace } from '../../../source/engine/journal/texts.ts';
import { callFinished, planned, started, taskFinished } from '../support/events.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Texts of all lengths, full of what could be taken for the structure around them. */
const texts = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"answer":{"text":"', '","finishReason":"', ',"output":"', '","projectId":"'),
      fc.constantFrom('\\', '"', '\n', '\u2028', 'é漢😀', 'x'.repeat(2000)),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));

/** In the order of an emitted event, or in any other. */
const answered = (text: string, isInOrder = true): RunEvent => {
  const { projectId, at, ...event } = callFinished('1', { taskId: 'a' });
  const answer = isInOrder ? { text, finishReason: 'stop' } : { finishReason: 'stop', text };
  return { ...event, attempt: 1, answer, projectId, at } as RunEvent;
};
const finished = (output: string): RunEvent => {
  const { projectId, at, ...event } = taskFinished('a', { output });
  return { ...event, projectId, at };
};
const attempt: RunEvent = {
  type: 'attempt-finished',
  taskId: 'a',
  taskType: 'summarization',
  model: 'alpha',
  iteration: 1,
  score: 0.9,
  costUsd: 0.01,
  latencyMs: 900,
  failed: false,
  validatorsPassed: true,
  policyViolation: false,
  projectId: 'p-1',
  at: 2,
};

function written(events: readonly RunEvent[]): { directory: string; path: string } {
  const directory = temporaryDirectory();
  const journal = openJournal({ directory, projectId: 'p-1' });
  for (const event of events) journal.append(event);
  journal.close();
  return { directory, path: journalPath(directory, 'p-1') };
}

it('finds every event and every text of a journal that is read without its texts', () => {
  const answers = fc.array(fc.record({ text: texts, isInOrder: fc.boolean() }), { maxLength: 4 });
  fc.assert(
    fc.property(answers, texts, (given, output) => {
      const { path } = written([
        started(),
        ...given.map(({ text, isInOrder }) => answered(text, isInOrder)),
        finished(output),
      ]);
      const whole: RunEvent[] = [];
      eachEvent(path, (event) => whole.push(event));
      const found: { event: RunEvent; place: TextPlace | undefined }[] = [];
      const textAt = eachEventWithoutText(path, (event, place) => found.push({ event, place }));
      const filled = found.map(({ event, place }) =>
        event.type === 'call-finished' && event.answer !== undefined && place !== undefined
          ? { ...event, answer: { ...event.answer, text: textAt(place) } }
          : event,
      );
      const withoutOutput = (event: RunEvent | undefined) => ({ ...event, output: undefined });
      expect(filled.slice(0, -1)).toEqual(whole.slice(0, -1));
      expect(withoutOutput(filled.at(-1))).toEqual(withoutOutput(whole.at(-1)));
    }),
    { numRuns: 60, seed: 1 },
  );
});

it('has what a model wrote when a task is opened, also of a run that goes on', () => {
  const text = `${'A long answer. '.repeat(200)}"quoted" \\ é漢😀\n`;
  const { directory, path } = written([started(), planned(['a']), answered(text), attempt]);
  const { report, state } = readRun({ directory, projectId: 'p-1', now: 3 });
  appendFileSync(path, `${JSON.stringify(finished('x'.repeat(2000)))}\n`);
  expect(report.tasks[0]?.attempts[0]?.answer).toBe(text);
  expect(state.outputs.size).toBe(0);
});

it('says that a journal is another one now', () => {
  const { directory, path } = written([
    started(),
    planned(['a']),
    answered('x'.repeat(2000)),
    attempt,
  ]);
  const { report } = readRun({ directory, projectId: 'p-1', now: 3 });
  copyFileSync(path, `${path}.new`);
  renameSync(`${path}.new`, path);
  expect(report.tasks[0]?.attempts[0]?.answer).toMatch(/no longer .* open the run again/);
});
