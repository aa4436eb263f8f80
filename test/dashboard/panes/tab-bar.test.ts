import { describe, expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import { mockInsight } from '../../support/insight.ts';
import { runEvents, runState } from '../../support/runs.ts';
import { frameOf, openSession } from '../../support/session.tsx';

const short = ['1 Over', '2 Routes', '3 Cost', '4 Recs', '5 Runs'];

describe('the tabs', () => {
  it.each([0, 1, 2, 3, 4])(
    'are all named on the smallest screen while number %i is open',
    (index) => {
      const insight = mockInsight();
      const session = openSession({
        insight: {
          ...insight,
          recommendations: Array.from({ length: 300 }, () => insight.recommendations).flat(),
        },
        runs: [runState(runEvents())],
        columns: 40,
        rows: 10,
      });
      session.press(String(index + 1));
      const line = stripVTControlCharacters(frameOf(session.state())).split('\n')[1] ?? '';
      for (const name of short) expect(line).toContain(name);
      expect(line).toContain(`[${short[index] ?? ''}`);
      expect(line).not.toContain('…');
    },
  );
});
