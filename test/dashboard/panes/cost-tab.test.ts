import { expect, it } from 'vitest';
import type { Insight } from '../../../source/domain/insight.ts';
import { mockInsight } from '../../support/insight.ts';
import { unlettered } from '../../support/read-screen.ts';
import { openSession, screenOf } from '../../support/session.tsx';

/** The title line of the table of spend. */
async function columnsOf(insight: Insight): Promise<string> {
  const session = openSession({ insight, columns: 80, rows: 24 });
  session.press('3');
  const lines = await screenOf(session.state());
  return unlettered(lines.find((line) => /^│ {2}I:model /.test(line)) ?? '');
}

it('tells answers and reviews of a model apart only where some are told apart', async () => {
  const insight = mockInsight();
  const byRole = { generator: 1, critic: 0.5 };
  const costUsd = 1.5;
  const [first] = insight.spendByModel;
  const known = { ...insight.spend, byModel: [{ model: first?.model ?? '', costUsd, byRole }] };
  expect(await columnsOf({ ...insight, spend: known })).toContain('answers');
  const unknown = { ...insight.spend, byModel: [] };
  expect(await columnsOf({ ...insight, spend: unknown })).not.toMatch(/answers|reviews/);
});
