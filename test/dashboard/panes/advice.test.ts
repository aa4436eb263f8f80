import { describe, expect, it } from 'vitest';
import { renderPlainDashboard } from '../../../source/dashboard/plain/index.ts';
import { recommendationLines } from '../../../source/dashboard/screen-reader/view-lines.ts';
import { mockInsight } from '../../support/insight.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const textOf = (screen: readonly string[]): string =>
  screen.join(' ').replaceAll(/[│╭╮╰╯─\s]+/g, ' ');

function allFailed() {
  const insight = mockInsight();
  return {
    ...insight,
    rankings: insight.rankings.map((row) => ({
      ...row,
      failureCount: row.callCount,
      successRate: 0,
      qualityScore: null,
      valueScore: null,
    })),
    leaders: {},
    recommendations: [],
  };
}

describe('where every call of the window failed', () => {
  it('nobody is told that there is nothing to change', async () => {
    const insight = allFailed();
    const { press, state } = openSession({ insight });
    const said = 'Every call of this window failed';
    press('4');
    const screen = textOf(await screenOf(state()));
    expect(screen).toContain(said);
    expect(screen).not.toContain('Nothing to change');
    const plain = renderPlainDashboard(insight);
    expect(plain).toContain(said);
    expect(plain).not.toContain('supports no change');
    expect(recommendationLines(insight).join(' ')).toContain(said);
  });

  it('one that succeeded now and then is told as ever', () => {
    const insight = allFailed();
    const [first, ...others] = insight.rankings;
    const rankings = first === undefined ? [] : [{ ...first, failureCount: 0 }, ...others];
    expect(recommendationLines({ ...insight, rankings }).join(' ')).toContain('supports no change');
  });
});

describe('advice that is not firm', () => {
  it('says beside what it may save what settling it costs, where there is room', async () => {
    const insight = mockInsight();
    const advice = {
      kind: 'promising' as const,
      taskType: 'complex_reasoning',
      model: 'claude-opus',
      alternative: 'gpt-4o',
      monthlySavingsUsd: 0.48,
      message: 'gpt-4o may do reasoning tasks as well as claude-opus',
      evidence: { n: 71, nAlternative: 88, probability: 0.9, moreNeeded: 1387, moreCostUsd: 22.45 },
    };
    const { press, state } = openSession({ insight: { ...insight, recommendations: [advice] } });
    press('4');
    expect(textOf(await screenOf(state()))).toContain('may save about $0.48/mo, $22.45 to settle');
  });
});
