import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../source/domain/insight.ts';
import { adviceBy, openCount, openFirst } from '../../source/domain/routes.ts';

const advice = (kind: Recommendation['kind'], alternative?: string): Recommendation => ({
  kind,
  taskType: 'summarization',
  model: 'usual',
  evidence: { n: 30 },
  message: `${kind} to ${alternative ?? 'nobody'}`,
  ...(alternative === undefined ? {} : { alternative }),
});

describe('advice beside the routes in force', () => {
  const messages = (chosen: string | undefined) =>
    adviceBy(
      [advice('switch', 'other'), advice('promising', 'other'), advice('declining')],
      (taskType) => (taskType === 'summarization' ? chosen : undefined),
    ).map(({ message }) => message);

  it('says of a switch that a run would make it by itself', () => {
    expect(messages('other')).toEqual([
      'switch to other; a run started now does so already: nothing to do',
      'A run started now does so already: promising to other',
      'declining to nobody',
    ]);
  });

  it('puts what is left to do first, and counts that alone', () => {
    const all = adviceBy(
      [advice('switch', 'other'), advice('declining'), advice('needs-data')],
      () => 'other',
    );
    expect(openFirst(all).map(({ kind }) => kind)).toEqual(['declining', 'switch', 'needs-data']);
    expect(openCount(all)).toBe(1);
  });

  it.each(['usual', undefined])('is as it is where the work goes to %s', (chosen) => {
    expect(messages(chosen)[0]).toBe('switch to other');
    expect(messages(chosen)[2]).toBe('declining to nobody');
  });
});
