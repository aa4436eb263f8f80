import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../source/domain/runtime.ts';
import { createJudgeRecord, type SupportCall } from '../../../source/routing/index.ts';

const judgement = (model: string, answer: number, score: number): SupportCall => ({
  role: 'judge',
  model,
  provider: model,
  outcome: 'ok',
  subject: `author-${answer % 3}`,
  taskType: 't',
  answer: String(answer),
  score: Math.min(1, Math.max(0, score)),
});

/** A record of answers that three judged, one of them without looking. */
function recordOf(answers: number, useless: (random: () => number) => number) {
  const random = seededRandom(7);
  const record = createJudgeRecord();
  for (let answer = 0; answer < answers; answer += 1) {
    const quality = 0.5 + 0.4 * random();
    record.note(judgement('fair', answer, quality));
    record.note(judgement('severe', answer, quality - 0.1 + 0.05 * random()));
    record.note(judgement('useless', answer, useless(random)));
  }
  return record;
}

describe('what is known of judges', () => {
  it.each([
    ['says the same of everything', () => 0.9],
    ['says anything', (random: () => number) => random()],
  ])('finds one that %s, and nobody else', (_, useless) => {
    const record = recordOf(40, useless);
    const found = ['fair', 'severe', 'useless'].filter((judge) => record.tellsNothing(judge));
    expect(found).toEqual(['useless']);
  });

  it('finds no judge uninformative where all answers are equally good', () => {
    const record = createJudgeRecord();
    for (let answer = 0; answer < 100; answer += 1) {
      record.note(judgement('fair', answer, 0.9));
      record.note(judgement('severe', answer, 0.8));
    }
    expect(record.tellsNothing('fair') || record.tellsNothing('severe')).toBe(false);
  });

  it('says nothing of one that was hardly compared', () => {
    const record = recordOf(4, () => 0.9);
    expect(record.uselessness('useless')).toBeLessThan(0.5);
    expect(record.comparisons('useless')).toBe(8);
  });

  it('counts one judge once for one answer', () => {
    const record = recordOf(4, () => 0.9);
    record.note(judgement('useless', 0, 0.9));
    record.note(judgement('useless', 0, 0.9));
    expect(record.comparisons('useless')).toBe(8);
  });

  it('counts what failed or could not be used, and not what nobody can be blamed for', () => {
    const record = createJudgeRecord();
    const call = { role: 'judge', model: 'm', provider: 'p' } as const;
    for (let count = 0; count < 30; count += 1) record.note({ ...call, outcome: 'rate-limited' });
    expect(record.reliability('judge', 'm')).toBe(0.95);
    for (let count = 0; count < 15; count += 1) record.note({ ...call, outcome: 'ok' });
    expect(record.reliability('judge', 'm')).toBeLessThan(0.5);
    expect(record.reliability('critic', 'm')).toBe(0.95);
    for (let count = 0; count < 90; count += 1) {
      record.note({ ...call, role: 'critic', outcome: count % 2 === 0 ? 'ok' : 'timed-out' });
    }
    expect(record.reliability('critic', 'm')).toBeCloseTo(0.55, 1);
  });

  it('moves the score of an answer to what all judges would have given on average', () => {
    const record = recordOf(200, (random) => random());
    record.note(judgement('severe', 1000, 0.6));
    record.note(judgement('fair', 1001, 0.6));
    expect(record.shiftOf('1000') - record.shiftOf('1001')).toBeCloseTo(0.075, 2);
    expect(record.shiftOf('never judged')).toBe(0);
  });
});
