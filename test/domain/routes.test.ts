import { describe, expect, it } from 'vitest';
import type { Recommendation } from '../../source/domain/insight.ts';
import { adviceBy } from '../../source/domain/routes.ts';

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
      'promising to other',
      'declining to nobody',
    ]);
  });

  it.each(['usual', undefined])('is as it is where the work goes to %s', (chosen) => {
    expect(messages(chosen)[0]).toBe('switch to other');
    expect(messages(chosen)[2]).toBe('declining to nobody');
  });
});
