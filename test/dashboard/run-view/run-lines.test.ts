import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyRunState, type RunState } from '../../../source/domain/run-state.ts';
import { runLines } from '../../../source/dashboard/run-view/run-lines.ts';
import { renderStyleOf, widthOfLine } from '../../../source/dashboard/theme/index.ts';
import { middleOfRun, stateOf } from './story.ts';

const style = renderStyleOf({ theme: 'plain', depth: 1, ascii: false });

function drawn(state: RunState, columns: number, rows: number): string {
  const lines = runLines(state, 1090, { columns, rows }, style);
  return lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n');
}

it('shows where the run stands, its tasks as a tree, and what a person should know', () => {
  expect(`\n${drawn(stateOf(middleOfRun), 100, 24)}`).toMatchInlineSnapshot(`
    "
     p-7f3a  Build a rate limiter  SIMULATED
     ██████░░░░░░░░░░░░░░░░░░  1/4 tasks   $0.0041 of $8.00   1m 30s, limit in 1h 28m
     ✓ design      reasoning    deepseek-reasoner             0.92  accepted  1 attempt  $0.0041
     ▸   code      code_gen     a-model-with-…g-name-2026-11  revise (attempt 2)
     ·   docs      summarize                                  waits for design
     ·     review  code_review                                waits for code
     ! code: gemini-flash is busy, next is deepseek-chat"
  `);
});

it('keeps the tasks that run in view where not all fit', () => {
  expect(`\n${drawn(stateOf(middleOfRun), 80, 7)}`).toMatchInlineSnapshot(`
    "
     p-7f3a  Build a rate limiter  SIMULATED
     ██████░░░░░░░░░░░░░░░░░░  1/4 tasks   $0.0041 of $8.00   1m 30s, limit in 1h 2…
     ▸   code  code_gen  a-model-…e-2026-11  revise (attempt 2)
       … 3 more tasks
     ! code: gemini-flash is busy, next is deepseek-chat"
  `);
});

it('says that it is planning before there are tasks', () => {
  expect(drawn(stateOf(middleOfRun.slice(0, 1)), 80, 24)).toContain('planning');
});

it('says nothing of times and limits before the first event', () => {
  const text = drawn(emptyRunState('p'), 80, 24);
  expect(text).toContain('planning');
  expect(text).not.toMatch(/limit|\dd /);
});

it('draws with ASCII alone where the terminal knows no more', () => {
  const ascii = renderStyleOf({ theme: 'plain', depth: 1, ascii: true });
  const lines = runLines(stateOf(middleOfRun), 1090, { columns: 80, rows: 24 }, ascii);
  expect(lines.map((line) => line.map(({ text }) => text).join('')).join('')).toMatch(/^[ -~]*$/);
});

it('is never taller or wider than the terminal', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 300 }),
      fc.integer({ min: 3, max: 100 }),
      fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 60 }),
      (columns, rows, ids) => {
        const state = stateOf(middleOfRun);
        for (const id of ids) {
          state.tasks.set(id, {
            id,
            type: id,
            dependsOn: [],
            status: 'waiting',
            iteration: 0,
            costUsd: 0,
            attempts: [],
            usage: [],
            model: id,
          });
        }
        const lines = runLines(state, 1090, { columns, rows }, style);
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(widthOfLine(line)).toBe(columns);
      },
    ),
    { numRuns: 60 },
  );
});
