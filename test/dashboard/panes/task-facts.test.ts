import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { taskFactLines } from '../../../source/dashboard/panes/task-facts.ts';
import { runHeadLines } from '../../../source/dashboard/panes/run-head.ts';
import { standingsOf } from '../../../source/domain/task-standing.ts';
import { renderStyleOf, widthOfLine, type Line } from '../../../source/dashboard/theme/index.ts';
import type { RunState } from '../../../source/domain/run-state.ts';
import { someNow } from '../../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../../support/run-story.ts';
import { runState } from '../../support/runs.ts';

const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: false });
const textOf = (lines: readonly Line[]): string[] =>
  lines.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );

function factsOf(run: RunState, id: string, width = 78, now = someNow): string[] {
  const task = run.tasks.get(id);
  if (task === undefined) return [];
  return textOf(taskFactLines({ run, task, standings: standingsOf(run, now), now, style, width }));
}

describe('the facts of a task', () => {
  it('tell each attempt, and why there was another', () => {
    expect(factsOf(runState(runStory()), 'limiter')).toEqual([
      'code_gen  ✓ accepted   score 0.93, of the 0.85 it needs   2 attempts   $0.0084',
      '          14s',
      'attempts  1  deepseek-chat  0.71  checks failed  $0.0042  1.9 s',
      '             critic claude-sonnet',
      '             1,240 tokens in (1,024 cached), 512 out (120 reasoning)',
      '             again: it did not pass its checks',
      '          2  deepseek-chat  0.93  $0.0042  1.9 s  critic claude-sonnet',
      '             1,240 tokens in (1,024 cached), 512 out (120 reasoning)',
      'paid      answers $0.0084 (2,480 in, 1,024 out)',
      'needs     algorithm accepted 0.92',
      'routed    deepseek is the cheapest within 0.05 of the best quality, 0.94.',
      'checks    typescript',
      'asked     Do what limiter asks for. Weigh accuracy, memory and cost, and say',
      '          why.',
      'others    claude-sonnet: best quality, but more expensive',
    ]);
  });

  it('show a score that fell just short as the line below it does', () => {
    const run = runState(runStory());
    const task = run.tasks.get('limiter');
    const [first, ...others] = task?.attempts ?? [];
    if (task === undefined || first === undefined) throw new Error('no such attempt');
    const close = { ...first, score: 0.8472, validatorsPassed: true };
    const lines = taskFactLines({
      run,
      task: { ...task, attempts: [close, ...others] },
      standings: standingsOf(run, someNow),
      now: someNow,
      style,
      width: 78,
    });
    expect(textOf(lines).join('\n')).toMatch(
      /attempts {2}1 {2}deepseek-chat {2}0\.847 {2}[^]*again: its score is 0\.847, below the 0\.850 it needs/,
    );
  });

  it('tell what was found of its result, and what it counts with', () => {
    const run = runState(runStory());
    const task = run.tasks.get('limiter');
    if (task === undefined) throw new Error('no such task');
    const found = { source: 'person', value: 0, sampled: null };
    const standings = standingsOf(run, someNow);
    const lines = taskFactLines({ run, task, found, standings, now: someNow, style, width: 78 });
    expect(textOf(lines)).toContain(
      'verdict   you: bad; it counts with 0.00 in place of the judges’ 0.93',
    );
  });

  it('tell what is being done, by whom, and for how long', () => {
    expect(factsOf(runState(runStory()), 'tests').slice(0, 5)).toEqual([
      'code_gen  ▸ judged by claude-sonnet   attempt 2   best 0.78   $0.0042   19s',
      'attempts  1  deepseek-chat  0.78  $0.0042  1.9 s  critic claude-sonnet',
      '             1,240 tokens in (1,024 cached), 512 out (120 reasoning)',
      '             again: its score is 0.78, below the 0.85 it needs',
      '          2  deepseek-chat  judged by claude-sonnet  4s',
    ]);
  });

  it('tell why it failed, and what is skipped for it', () => {
    const run = runState(runStory());
    expect(factsOf(run, 'figures')).toEqual([
      'data_extract ✗ failed   score 0.00   1 attempt   $0.0042   7.0 s',
      'reason    no model is left to try (the model refused)',
      'attempts  1  gpt-4o  failed  $0.0042  1.9 s',
      '             1,240 tokens in (1,024 cached), 512 out (120 reasoning)',
      'paid      answers $0.0042 (1,240 in, 512 out)',
      'routed    gpt-4o for data_extract: the best quality.',
      'notices   gpt-4o failed: the model refused',
      'asked     Do what figures asks for. Weigh accuracy, memory and cost, and say',
      '          why.',
      'others    claude-sonnet: best quality, but more expensive',
    ]);
    expect(factsOf(run, 'guide')[0]).toBe('writing   – skipped: figures failed');
    expect(factsOf(run, 'review')[0]).toBe('code_review · waits for tests');
  });

  it('tell what a death interrupted', () => {
    const lines = factsOf(runState(runStory()), 'tests', 78, someNow + 60);
    expect(lines[0]).toBe('code_gen  ! interrupted   attempt 2   best 0.78   $0.0042');
    expect(lines[4]).toBe('          2  deepseek-chat  interrupted: judged by claude-sonnet');
  });

  it('are safe and finite whatever a journal holds', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 12, max: 200 }), (name, message, width) => {
        const events = JSON.stringify(runStory())
          .replaceAll('deepseek-chat', () => JSON.stringify(name).slice(1, -1))
          .replaceAll('the model refused', () => JSON.stringify(message).slice(1, -1));
        const run = runState(JSON.parse(events));
        for (const id of run.tasks.keys()) {
          for (const line of factsOf(run, id, width)) {
            expect(line).not.toMatch(/\p{Cc}|NaN|Infinity/u);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('the head of a run', () => {
  const headOf = (run: RunState, now = someNow, width = 100) =>
    textOf(runHeadLines(run, now, width, style));

  it('tells how far it is, what it spent, and what is left', () => {
    expect(headOf(runState(runStory()))).toEqual([
      ' ● running   ███████████░░░░░░░░░░░  3/6 tasks   $0.02 of $2.00   52s   SIMULATED   p-5c21',
      ' left: 2 tasks, $1.98   about 9s to go   1 failed   1 skipped   time limit in 14m 08s',
    ]);
  });

  it('tells how it ended, and how to go on', () => {
    expect(headOf(runState(storyEnds(storyGoesOn(runStory()))))).toEqual([
      ' ~ partial   ██████████████▋░░░░░░░  4/6 tasks   $0.02 of $2.00   51s   SIMULATED   p-5c21',
      ' 1 of 6 tasks failed, and 1 needs it.   1 failed   1 skipped',
      ' Resume with: orchestrator run --resume p-5c21',
    ]);
  });

  it('has a run without a plan, budget or limit', () => {
    const [started] = runStory();
    const bare = { ...started, budgetUsd: 0, timeLimitSeconds: 0, simulated: false };
    const run = runState(JSON.parse(JSON.stringify([bare])));
    expect(headOf(run, run.startedAt)).toEqual([
      ' ● running   ░░░░░░░░░░░░░░░░░░░░░░  planning   $0.00 of $0.00   0s   p-5c21',
      ' left: $0.00',
    ]);
  });

  it('fills its width to the column', () => {
    for (const width of [20, 40, 80, 200]) {
      for (const line of runHeadLines(runState(runStory()), someNow, width, style)) {
        expect(widthOfLine(line)).toBe(width);
      }
    }
  });
});
