import { describe, expect, it } from 'vitest';
import { secondShare } from '../../../source/engine/tasks/judges-for.ts';
import { createJudgeRecord } from '../../../source/routing/index.ts';

const judged = {
  role: 'judge',
  provider: 'p',
  outcome: 'ok',
  subject: 'm',
  taskType: 't',
} as const;

/** What is known after so many answers, of which `first` and another judge judged some both, and agreed. */
function knownOf(answers: number, both: number) {
  const record = createJudgeRecord();
  for (let index = 0; index < answers; index += 1) {
    const call = { ...judged, answer: `a${index}`, score: (index % 10) / 10 };
    record.note({ ...call, model: 'other' });
    if (index < both) record.note({ ...call, model: 'first' });
  }
  return record;
}

const free = Number.POSITIVE_INFINITY;

describe('the share of answers that a second judge judges', () => {
  it('falls when the first judge is known: from 15 answers on that another judged as well', () => {
    expect(secondShare(knownOf(60, 14), 'first', free)).toBe(1);
    expect(secondShare(knownOf(60, 15), 'first', free)).toBe(0.2);
  });

  it('is what can be paid, between bounds that are lower for a judge who is known', () => {
    expect(secondShare(knownOf(60, 14), 'first', 0.5)).toBe(0.5);
    expect(secondShare(knownOf(60, 14), 'first', 0)).toBe(0.3);
    expect(secondShare(knownOf(60, 15), 'first', 0.15)).toBe(0.15);
    expect(secondShare(knownOf(60, 15), 'first', 0)).toBe(0.1);
  });

  it('is at least a half of the first 60 answers, so that judges are known soon', () => {
    expect(secondShare(knownOf(59, 15), 'first', 0)).toBe(0.5);
    expect(secondShare(knownOf(59, 15), 'first', free)).toBe(1);
    expect(secondShare(knownOf(60, 15), 'first', free)).toBe(0.2);
  });
});
