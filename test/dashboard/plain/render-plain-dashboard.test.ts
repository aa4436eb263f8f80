import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { insightJson, renderPlainDashboard } from '../../../source/dashboard/plain/index.ts';
import { emptyInsight, mockInsight } from './mock-insight.ts';

describe('the plain dashboard', () => {
  it('prints the overview', () => {
    expect(`\n${renderPlainDashboard(mockInsight)}`).toMatchInlineSnapshot(`
      "
      ────────────────────────────────────────────────────────────────────────
       48 runs  │  $312.40 total  │  avg quality 0.871  │  last 30 days
      ────────────────────────────────────────────────────────────────────────

      MODEL RANKINGS  (value = quality per dollar, per thousand calls)

        ○  gemini-flash   2.85  ▼-11%  WARM  29 +12 calls  $0.18/k  q:0.798
        ●  deepseek-chat  1.74  ▲+8%   HOT      312 calls  $0.41/k  q:0.887
        ●  claude-sonnet  0.40  ─ 0%   HOT      189 calls  $2.10/k  q:0.871
        ·  claude-opus       —         COLD       8 calls           (insufficient data)
        ·  kimi-k2.5         —         COLD       1 call            (insufficient data)

        ● HOT ≥50 calls (full historical weight)
        ○ WARM 10–49 calls (40% blend)
        · COLD <10 calls (defaults only)

      ────────────────────────────────────────────────────────────────────────

      TASK-TYPE LEADERS

        code_gen     deepseek-chat  0.91  ●  writing      claude-sonnet  0.88  ●
        code_review  claude-opus    0.94  ·  house_style  claude-sonnet  0.81  ○

      ────────────────────────────────────────────────────────────────────────

      RECOMMENDATIONS  (2 to act on, a month: 30 days at the pace of the last 30 days)

        [1] Route reasoning tasks to deepseek-reasoner instead of claude-opus
            not worse (0.93 vs 0.91, difference +0.02, at least −0.01, n
            88/71), saves ~$47/mo

        [2] claude-opus has 8 code_review calls: 2 more and warm-start
            blending begins.

      ────────────────────────────────────────────────────────────────────────
      "
    `);
  });

  it('prints models by task type', () => {
    expect(`\n${renderPlainDashboard(mockInsight, { view: 'by-task' })}`).toMatchInlineSnapshot(`
      "
      ────────────────────────────────────────────────────────────────────────
       48 runs  │  $312.40 total  │  avg quality 0.871  │  last 30 days
      ────────────────────────────────────────────────────────────────────────

      BY TASK TYPE

           model          quality    calls      $/k  value
      code_gen
        ●  deepseek-chat    0.910      140  $1.00/k   0.83
        ○  gpt-4o           0.840       30  $1.00/k   0.76

      code_review
        ·  claude-opus      0.940        8  $1.00/k   0.85

      writing
        ●  claude-sonnet    0.880       60  $1.00/k   0.80

      house_style
        ○  claude-sonnet    0.810       12  $1.00/k   0.74

      ────────────────────────────────────────────────────────────────────────
      "
    `);
  });

  it('names judges that are uninformative, with what to do', () => {
    const judge = { judgements: 40, costUsd: 0.1, severity: null, selfPreference: null };
    const insight = {
      ...mockInsight,
      judges: [{ ...judge, judge: 'local-3b', tellsNothing: true }],
    };
    expect(renderPlainDashboard(insight, { view: 'cost' })).toContain(
      'The judgements of local-3b are uninformative',
    );
  });

  it('prints quality per dollar and spend', () => {
    expect(`\n${renderPlainDashboard(mockInsight, { view: 'cost' })}`).toMatchInlineSnapshot(`
      "
      ────────────────────────────────────────────────────────────────────────
       48 runs  │  $312.40 total  │  avg quality 0.871  │  last 30 days
      ────────────────────────────────────────────────────────────────────────

      COST EFFICIENCY  (quality per dollar, per thousand calls)

        ○  gemini-flash   2.85  ██████████████████████████████  $0.18/k  q:0.798
        ●  deepseek-chat  1.74  ██████████████████▎             $0.41/k  q:0.887
        ●  claude-sonnet  0.40  ████▏                           $2.10/k  q:0.871

      SPEND  $312.40

        claude-sonnet  $312.40  99%  180 tasks
        deepseek-chat   <$0.01  <1%     1 task

        by role
        answers     $200.00  64%
        critiques    $60.00  19%
        judgements   $52.40  17%

        Critiques and judgements: 36% of it.

        by run
        p-1  $300.00  96%  170 tasks
        p-2   $12.40   4%   11 tasks

        by day
        1970-01-02  $212.00  68%  91 tasks
        1970-01-01  $100.40  32%  90 tasks

        January: $312.40 so far, about $322.80 by its end (as days differ:
        $312.40 to $350.00).
        By its end: what is spent so far, and $10.40 a day, the pace of the
        last 28 whole days, for the 1.0 days until 02-01.

      ────────────────────────────────────────────────────────────────────────
      "
    `);
  });

  it.each(['overview', 'by-task', 'cost'] as const)('has a calm %s without data', (view) => {
    expect(`\n${renderPlainDashboard(emptyInsight, { view })}`).toMatchSnapshot();
  });

  it('marks what the simulator produced', () => {
    expect(renderPlainDashboard(mockInsight, { simulated: true })).toContain(
      ' SIMULATED  │  48 runs',
    );
  });

  it.each(['overview', 'by-task', 'cost'] as const)(
    'writes %s in ASCII alone on request',
    (view) => {
      expect(renderPlainDashboard(mockInsight, { view, ascii: true })).toMatch(/^[\n -~]*$/);
    },
  );

  it('lets nothing from the database move the cursor', () => {
    const [first] = mockInsight.rankings;
    if (first === undefined) throw new Error('The mock has rankings.');
    const hostile = { ...first, model: '\u001B[2Jevil\r\nname\u202E' };
    const text = renderPlainDashboard({ ...mockInsight, rankings: [hostile] });
    expect(text).toContain('evil name');
    expect(text.replaceAll('\n', '')).toBe(stripVTControlCharacters(text).replaceAll('\n', ''));
    expect(text).not.toMatch(/[\p{Cf}\r]/u);
  });
});

describe('the JSON for other programs', () => {
  it('has the documented fields, unrounded', () => {
    const json: unknown = JSON.parse(JSON.stringify(insightJson(mockInsight)));
    expect(json).toMatchObject({
      window: { days: 30, from: 0, to: 2_592_000 },
      summary: { runs: 48, totalCostUsd: 312.4, averageQuality: 0.871 },
      leaders: {
        code_generation: { model: 'deepseek-chat', qualityScore: 0.91, confidence: 'HOT' },
      },
    });
    expect(json).toHaveProperty('rankings.1', {
      model: 'deepseek-chat',
      valueScore: 0.887 / 0.00051,
      trendPercent: 8,
      confidence: 'HOT',
      callCount: 312,
      averageCostUsd: 0.00041,
      qualityScore: 0.887,
    });
    expect(json).toHaveProperty('rankings.3.trendPercent', null);
    expect(json).toHaveProperty('recommendations.0.alternative', 'deepseek-reasoner');
  });

  it('says null, not zero, for the quality of nothing', () => {
    expect(JSON.stringify(insightJson(emptyInsight))).toContain('"averageQuality":null');
  });

  it('has each judge, and how far it agrees with what was found of results', () => {
    const judge = {
      judge: 'strict',
      judgements: 40,
      costUsd: 0.2,
      severity: { estimate: -0.04, low: -0.06, high: -0.02 },
      selfPreference: null,
      tellsNothing: false,
    };
    const judges = [judge, { ...judge, judge: 'other' }];
    const agreement = { results: 12, bias: -0.05, correlation: 0.8 };
    const json = insightJson({ ...emptyInsight, judges }, {}, [{ judge: 'strict', ...agreement }]);
    expect(json).toHaveProperty('judges', [
      { ...judge, outcomes: agreement },
      { ...judge, judge: 'other', outcomes: null },
    ]);
  });
});

it('says of a task type why its work goes where it does, above its models', () => {
  const reasons = { code_generation: 'deepseek-chat gets it: the cheapest that is good enough.' };
  const text = renderPlainDashboard(mockInsight, { view: 'by-task', reasons });
  expect(text).toMatch(/code_gen\n {2}deepseek-chat gets it: the cheapest[^\n]*\n {2}[●○·] /);
  expect(renderPlainDashboard(mockInsight, { view: 'by-task' })).not.toContain('gets it');
});
