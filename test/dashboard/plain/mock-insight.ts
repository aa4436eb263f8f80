import { confidenceOf } from '../../../source/domain/confidence.ts';
import type {
  CellStats,
  Insight,
  ModelRanking,
  Recommendation,
  ModelStats,
} from '../../../source/domain/insight.ts';

function modelStats(
  calls: number,
  quality: number,
  costPerThousand: number,
  trendPercent: number | null,
): ModelStats {
  const averageCostUsd = costPerThousand / 1000;
  return {
    qualityScore: quality,
    averageCostUsd,
    valueScore: quality / (averageCostUsd + 0.0001),
    trendPercent,
    callCount: calls,
    liveCallCount: 0,
    taskCount: calls,
    failureCount: 0,
    validatorFailCount: 0,
    averageLatencyMs: 1000,
    latencyP95Ms: 2000,
    successRate: 1,
    confidence: confidenceOf(calls),
  };
}

const ranking = (model: string, ...numbers: Parameters<typeof modelStats>): ModelRanking => ({
  ...modelStats(...numbers),
  model,
  sparkline: [],
});

const cell = (taskType: string, model: string, calls: number, quality: number): CellStats => ({
  ...modelStats(calls, quality, 1, null),
  taskType,
  model,
  share: 1,
  taskCostUsd: 0.002,
});

const recommendation = (message: string): Recommendation => ({
  kind: 'switch',
  taskType: 'complex_reasoning',
  model: 'claude-opus',
  alternative: 'deepseek-reasoner',
  monthlySavingsUsd: 47,
  evidence: { n: 71, nAlternative: 88 },
  message,
});

const cells = [
  cell('code_generation', 'deepseek-chat', 140, 0.91),
  cell('code_generation', 'gpt-4o', 30, 0.84),
  cell('code_review', 'claude-opus', 8, 0.94),
  cell('creative_writing', 'claude-sonnet', 60, 0.88),
  cell('house_style', 'claude-sonnet', 12, 0.81),
];

export const mockInsight: Insight = {
  window: { days: 30, from: 0, to: 2_592_000 },
  paceDays: 30,
  summary: { runs: 48, totalCostUsd: 312.4, averageQuality: 0.871 },
  rankings: [
    { ...ranking('gemini-flash', 41, 0.798, 0.18, -11), liveCallCount: 12 },
    ranking('deepseek-chat', 312, 0.887, 0.41, 8),
    ranking('claude-sonnet', 189, 0.871, 2.1, 0.4),
    ranking('claude-opus', 8, 0.9, 15, null),
    ranking('kimi-k2.5', 1, 0.7, 1, null),
  ],
  cells,
  leaders: Object.fromEntries(
    cells.filter(({ model }) => model !== 'gpt-4o').map((entry) => [entry.taskType, entry]),
  ),
  routes: [
    {
      taskType: 'complex_reasoning',
      model: 'claude-opus',
      share: 0.71,
      qualityScore: 0.91,
      qualityInterval: [0.89, 0.93],
      taskCostUsd: 0.021,
      spentUsd: 14.2,
      supervisionShare: 0.4,
      alternative: 'deepseek-reasoner',
      monthlySavingsUsd: 47,
    },
  ],
  recommendations: [
    recommendation(
      'Route reasoning tasks to deepseek-reasoner instead of claude-opus\nnot worse (0.93 vs 0.91, difference +0.02, at least −0.01, n 88/71), saves ~$47/mo',
    ),
    recommendation('claude-opus has 8 code_review calls: 2 more and warm-start blending begins.'),
  ],
  spend: {
    totalUsd: 312.4,
    byRole: { generator: 200, critic: 60, judge: 52.4 },
    byModel: [
      {
        model: 'claude-sonnet',
        costUsd: 312.3959,
        byRole: { generator: 199.9959, critic: 60, judge: 52.4 },
      },
      { model: 'deepseek-chat', costUsd: 0.0041, byRole: { generator: 0.0041 } },
    ],
    approximate: false,
  },
  leftOut: { ahead: 0, outOfRange: 0 },
  spendByDay: [
    { day: 0, costUsd: 100.4, tasks: 90 },
    { day: 86_400, costUsd: 212, tasks: 91 },
  ],
  spendByModel: [
    { model: 'claude-sonnet', costUsd: 312.3959, tasks: 180 },
    { model: 'deepseek-chat', costUsd: 0.0041, tasks: 1 },
  ],
  spendByProject: [
    { projectId: 'p-1', costUsd: 300, tasks: 170 },
    { projectId: 'p-2', costUsd: 12.4, tasks: 11 },
  ],
  month: {
    from: 0,
    to: 2_678_400,
    spentUsd: 312.4,
    forecast: { usd: 322.8, lowUsd: 312.4, highUsd: 350, days: 28, dayUsd: 10.4 },
  },
  judges: [],
  learningCurve: [],
};

export const emptyInsight: Insight = {
  window: { days: 1, from: 0, to: 86_400 },
  paceDays: 1,
  summary: { runs: 0, totalCostUsd: 0, averageQuality: null },
  rankings: [],
  cells: [],
  leaders: {},
  routes: [],
  recommendations: [],
  spend: { totalUsd: 0, byRole: {}, byModel: [], approximate: false },
  leftOut: { ahead: 0, outOfRange: 0 },
  spendByDay: [],
  spendByModel: [],
  spendByProject: [],
  month: { from: 0, to: 2_678_400, spentUsd: 0, forecast: null },
  judges: [],
  learningCurve: [],
};
