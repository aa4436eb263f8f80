import { expect, it } from 'vitest';
import { isGain, standardOf } from '../../source/domain/task-standard.ts';

it('holds each task type to the standard of the design, and own types to one of theirs', () => {
  const standards = Object.entries({
    code_generation: [0.85, 3, 8192],
    code_review: [0.75, 4, 4096],
    complex_reasoning: [0.9, 3, 4096],
    creative_writing: [0.8, 2, 4096],
    data_extraction: [0.9, 2, 2048],
    summarization: [0.8, 2, 1024],
    evaluation: [0.8, 2, 2048],
    'my-own': [0.8, 2, 4096],
    constructor: [0.8, 2, 4096],
  });
  for (const [type, expected] of standards) {
    const { acceptAt, maxIterations, outputTokens } = standardOf(type);
    expect({ type, is: [acceptAt, maxIterations, outputTokens] }).toEqual({ type, is: expected });
  }
});

it('takes 0.02 for a gain, whatever binary fractions make of it', () => {
  expect(isGain(0.8, 0.82)).toBe(true);
  expect(isGain(0.7, 0.72)).toBe(true);
  expect(isGain(0.8, 0.8199)).toBe(false);
});
