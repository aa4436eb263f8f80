import { describe, expect, it } from 'vitest';
import { mockInsight } from '../../support/insight.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const shown = mockInsight();
const { month } = shown;
const forecast = { usd: 12.08, lowUsd: 10.3, highUsd: 19.2, days: 28, dayUsd: 0.39 };
const insight = { ...shown, month: { ...month, spentUsd: 10.3, forecast } };

async function headerAt(columns: number): Promise<string> {
  const [header = ''] = await screenOf(openSession({ insight, columns, rows: 24 }).state());
  return header;
}

describe('the header', () => {
  it.each([
    [160, 'March so far $10.30, about $12.08 by its end'],
    [100, 'Mar so far $10.30'],
  ])(
    'says in %d columns what the month cost, and by its end where there is room',
    async (columns, text) => {
      const header = await headerAt(columns);
      expect(header).toContain(text);
      expect(header.includes('by its end')).toBe(text.includes('by its end'));
    },
  );
});
