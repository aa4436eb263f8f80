import { expect, it } from 'vitest';
import { mockInsight } from '../../support/insight.ts';
import { openSession, screenOf } from '../../support/session.tsx';

it('does not say that a model answers in no time where no latency is known', async () => {
  const insight = mockInsight();
  const unknown = { averageLatencyMs: 0, latencyP95Ms: 0 };
  const rankings = insight.rankings.map((one) => ({ ...one, ...unknown }));
  const session = openSession({ insight: { ...insight, rankings }, columns: 160 });
  session.press('enter');
  const shown = (await screenOf(session.state())).join('\n');
  expect(shown).toMatch(/latency —\s+p95 —/);
});
