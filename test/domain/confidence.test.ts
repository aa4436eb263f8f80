import { expect, it } from 'vitest';
import { confidenceOf } from '../../source/domain/confidence.ts';

it.each([
  [0, 'COLD'],
  [9, 'COLD'],
  [10, 'WARM'],
  [49, 'WARM'],
  [50, 'HOT'],
  [5000, 'HOT'],
])('calls %i attempts %s', (attempts, confidence) => {
  expect(confidenceOf(attempts)).toBe(confidence);
});
