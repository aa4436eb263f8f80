import { expect, it } from 'vitest';
import { eventLine, runSummary } from '../../../source/dashboard/run-view/text.ts';
import { endOfRun, middleOfRun, stateOf } from './story.ts';

it('tells a run as one line per event worth telling', () => {
  const lines = endOfRun.map(eventLine).filter((line) => line !== undefined);
  expect(`\n${lines.join('\n')}`).toMatchInlineSnapshot(`
    "
    SIMULATED run p-7f3a starts: budget $8.00, 3 tasks at a time
    estimate $0.50 ($0.20 to $1.20), from 40 past tasks
    planned 4 tasks: design, code, docs, review
    design reasoning → deepseek-reasoner: it is the cheapest within 0.05 of the best
    design attempt 1 by deepseek-reasoner scored 0.92, $0.0041, 1.9 s
    design accepted: deepseek-reasoner 0.92, 1 attempt, $0.0041
    code gemini-flash is busy, next is deepseek-chat
    run partial, 0 tasks, $0.0041: Stopped on request."
  `);
});

it('never prints what a model wrote', () => {
  expect(endOfRun.map(eventLine).join('\n')).not.toContain('the design');
  expect(runSummary(stateOf(endOfRun), [])).not.toContain('the design');
});

it('ends as text that can be pasted', () => {
  const summary = runSummary(stateOf(endOfRun), ['Resume with: orchestrator run --resume p-7f3a']);
  expect(`\n${summary}`).toMatchInlineSnapshot(`
    "
    SIMULATED  p-7f3a  partial  4 tasks  $0.0041 of $8.00  3m 10s
    Stopped on request.
      ✓  design  reasoning    deepseek-reasoner                       0.92  accepted      1 attempt   $0.0041
      ·  code    code_gen     a-model-with-quite-a-long-name-2026-11  —     not finished  2 attempts  $0.00
      ·  docs    summarize    —                                       —     not finished              $0.00
      ·  review  code_review  —                                       —     not finished              $0.00
    Spent on generation $0.0041.
    Paid to deepseek-reasoner $0.0041.
    Resume with: orchestrator run --resume p-7f3a
    "
  `);
});

it('sums up a run that has no end yet', () => {
  expect(runSummary(stateOf(middleOfRun.slice(0, 1)), [])).toBe(
    'SIMULATED  p-7f3a  unfinished  0 tasks  $0.00 of $8.00  0s\n',
  );
});

it('tells a score that fell just short from its mark', () => {
  const line = eventLine({
    type: 'attempt-finished',
    projectId: 'p',
    taskId: 'a',
    taskType: 'summarization',
    iteration: 1,
    model: 'm',
    score: 0.796,
    costUsd: 0.01,
    latencyMs: 100,
    failed: false,
    validatorsPassed: true,
    policyViolation: false,
    at: 1,
  });
  expect(line).toContain('scored 0.796');
});
