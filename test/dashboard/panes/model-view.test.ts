import { expect, it } from 'vitest';
import { mockInsight } from '../../support/insight.ts';
import { explainReading } from '../../support/scenario.ts';
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

it('says why the leader of a task type is not the first of routing, and nothing of other models', async () => {
  const insight = mockInsight();
  const taskType = 'summarization';
  const shown = async (model: string): Promise<string> => {
    const session = openSession({
      insight: {
        ...insight,
        leaders: Object.fromEntries(
          Object.entries(insight.leaders).map(([type, leader]) => [
            type,
            type === taskType ? { ...leader, model } : leader,
          ]),
        ),
      },
      columns: 160,
      rows: 60,
      options: {
        explain: (type) => {
          const decision = explainReading(() => ({ status: 'ready', insight }))(type);
          return decision && { ...decision, greedyChoice: 'another' };
        },
      },
    });
    session.press('enter');
    return (await screenOf(session.state())).join('\n');
  };
  const open = insight.rankings[0]?.model ?? '';
  expect(await shown(open)).toContain('Leads by quality in this window');
  expect(await shown('another')).not.toContain('Leads by quality in this window');
  expect(await shown(open)).not.toContain('attempts went to');
});
