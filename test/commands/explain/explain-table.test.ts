import { describe, expect, it } from 'vitest';
import { explainTable } from '../../../source/commands/explain/explain-table.ts';
import { openPolicy } from '../../../source/domain/policy.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import { createProfileStore, routeTask } from '../../../source/routing/index.ts';
import { adaptive, attempt, greedy, model, past, taskType } from '../../routing/support.ts';

const models = [model('dear', { defaultCostUsd: 0.05 }), model('cheap'), model('young')];
const history = [
  past('dear', { qualityScore: 0.93, avgCostUsd: 0.02 }),
  past('cheap', { qualityScore: 0.9, avgCostUsd: 0.001 }, { restartedAt: 1_767_225_600 }),
  past('young', { qualityScore: 0.5, callCount: 20 }),
  { ...past('young', { qualityScore: 0.7 }), taskType: 'summarization' },
  past('retired', {}),
];

function table(settings: typeof greedy, policy = openPolicy): string {
  const profiles = createProfileStore({ models, history });
  profiles.observe(attempt('dear', { score: 0.93, costUsd: 0.02 }));
  return explainTable(routeTask({ profiles, taskType, settings, policy, random: seededRandom(1) }));
}

describe('the table of explain', () => {
  it('can be followed by hand', () => {
    expect(table(greedy).split('\n').slice(0, 10)).toEqual([
      'cheap for code_gen: the cheapest within 0.05 of the best quality, 0.93.',
      '220 of 320 attempts went to 3 other models: $2.98 more and 4.7 points of quality less than with cheap alone.',
      '',
      '   MODEL    DEFAULT  HISTORY                         PROFILE = BLEND                    COST     WHY',
      '1  cheap    0.800 c  0.900 HOT 100 since 2026-01-01  0.900 = history                    $0.0010  the cheapest within 0.05 of the best quality, 0.93',
      '2  dear     0.800 c  0.930 HOT 100                   0.930 = history, 1 now             $0.0200  best quality, but more expensive',
      '3  young    0.700 o  0.500 WARM 20                   0.620 = 0.4 × 0.500 + 0.6 × 0.700  $0.0100  0.31 below the best quality, more than 0.05',
      '–  retired  0.800 c  0.800 HOT 100                   –                                  $0.0100  is known from the past, but no provider offers it now',
      '',
      'Best quality 0.930 (dear) − tolerance 0.05 = 0.880: the cheapest at or above it is chosen.',
    ]);
  });

  it('takes the default where the past has attempts but no score', () => {
    const unscored = [past('cheap', { qualityScore: 0 }, { effectiveCalls: 0 })];
    const profiles = createProfileStore({ models, history: unscored });
    const request = { profiles, taskType, settings: greedy, policy: openPolicy };
    const text = explainTable(routeTask({ ...request, random: seededRandom(1) }));
    expect(text).toMatch(/cheap +0\.800 c +no score HOT 100 +0\.800 = default/);
  });

  it('shows posteriors and samples where the strategy samples', () => {
    const text = table(adaptive);
    expect(text).toMatch(/POSTERIOR +SAMPLE/);
    expect(text).toMatch(/0\.9\d\d ± 0\.0\d\d/);
    expect(text).toContain('Strategy adaptive');
  });

  it('says what excludes each where nothing is left', () => {
    const text = table(greedy, { ...openPolicy, allow: ['none'] });
    expect(text).toMatch(/^No model can take code_gen now/);
    expect(text).not.toContain('Best quality');
  });
});
