import { expect, it } from 'vitest';
import { builtInTaskTypes, taskTypeLabel, taskTypePattern } from '../../source/domain/task-type.ts';

it('has a short name for every built-in task type', () => {
  expect(builtInTaskTypes.map(taskTypeLabel)).toEqual([
    'code_gen',
    'code_review',
    'reasoning',
    'writing',
    'data_extract',
    'summarize',
    'evaluate',
  ]);
});

it("calls a user's own type what the user calls it", () => {
  expect(taskTypeLabel('house_style')).toBe('house_style');
  // Not a property that every object has.
  expect(taskTypeLabel('constructor')).toBe('constructor');
});

it.each(['a', 'house-style_2', 'x'.repeat(64)])('accepts %s as a name', (name) => {
  expect(taskTypePattern.test(name)).toBe(true);
});

it.each(['', 'A', 'a b', 'ä', '../x', 'x'.repeat(65)])('refuses %j as a name', (name) => {
  expect(taskTypePattern.test(name)).toBe(false);
});
