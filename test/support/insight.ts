import { confidenceOf } from '../../source/domain/confidence.ts';
import type {
  CellStats,
  EventRow,
  Insight,
  ModelDetail,
  ModelRanking,
  Recommendation,
  SeriesPoint,
  ModelStats,
} from '../../source/domain/insight.ts';
import type { JudgeStanding } from '../../source/domain/judge-standing.ts';
import { highestFirst } from '../../source/domain/ordering.ts';
import { routesBy } from '../../source/domain/routes.ts';
import { seededRandom } from '../../source/domain/runtime.ts';

/** A moment that all built insights stand at: 2026-03-01 12:00 UTC. */
export const someNow = 1_772_366_400;
const day = 86_400;

/** The numbers of model statistics that tests care about; the rest follows from them. */
export type StatsSeed = {
  quality: number;
  costUsd: number;
  calls: number;
  trend?: number | null;
  live?: number;
};

export function modelStats({ quality, costUsd, calls, trend, live }: StatsSeed): ModelStats {
  return {
    qualityScore: quality,
    ...(calls < 5
      ? {}
      : {
          qualityInterval: {
            low: Math.max(0, quality - 0.25 / Math.sqrt(calls)),
            high: Math.min(1, quality + 0.25 / Math.sqrt(calls)),
          },
        }),
    averageCostUsd: costUsd,
    valueScore: quality / (costUsd + 0.0001),
    trendPercent: trend ?? null,
    callCount: calls,
    liveCallCount: live ?? 0,
    taskCount: Math.ceil(calls / 2),
    failureCount: Math.floor(calls / 50),
    validatorFailCount: Math.floor(calls / 25),
    averageLatencyMs: 1900,
    latencyP95Ms: 4200,
    successRate: calls === 0 ? 0 : 1 - Math.floor(calls / 50) / calls,
    confidence: confidenceOf(calls),
  };
}

export function ranking(model: string, seed: StatsSeed): ModelRanking {
  const { valueScore } = modelStats(seed);
  const slope = (seed.trend ?? 0) / 100;
  return {
    model,
    ...modelStats(seed),
    sparkline: Array.from({ length: 12 }, (_, index) =>
      valueScore === null || (seed.calls < 10 && index > 0)
        ? null
        : valueScore * (1 + (slope * index) / 12),
    ),
  };
}

export const cell = (taskType: string, model: string, seed: StatsSeed): CellStats => ({
  taskType,
  model,
  ...modelStats(seed),
  share: 0.5,
  taskCostUsd: 3 * seed.costUsd,
});

/** What they were paid is a share of all judgements here. */
const mockJudges: JudgeStanding[] = [
  {
    judge: 'claude-opus',
    judgements: 310,
    costUsd: 0.62,
    severity: { estimate: -0.031, low: -0.045, high: -0.017 },
    selfPreference: null,
    tellsNothing: false,
  },
  {
    judge: 'gpt-4o',
    judgements: 208,
    costUsd: 0.34,
    severity: { estimate: 0.018, low: 0.002, high: 0.034 },
    selfPreference: 0.02,
    tellsNothing: false,
  },
  {
    judge: 'kimi-k2.5',
    judgements: 96,
    costUsd: 0.04,
    severity: { estimate: 0.09, low: 0.05, high: 0.13 },
    selfPreference: null,
    tellsNothing: true,
  },
];

/** An insight of rankings and cells; leaders, spend and the learning curve follow from them. */
export function insightOf(
  rankings: ModelRanking[],
  cells: CellStats[],
  recommendations: Recommendation[] = [],
  summary: Partial<Insight['summary']> = {},
): Insight {
  const byType = Map.groupBy(cells, ({ taskType }) => taskType);
  const tasks = rankings.reduce((sum, { taskCount }) => sum + taskCount, 0);
  const own = rankings.reduce((sum, row) => sum + row.averageCostUsd * row.callCount, 0);
  const total = summary.totalCostUsd ?? own;
  /** What a model was paid with everything: the whole of it comes to the total. */
  const paid = (row: { averageCostUsd: number; callCount: number }): number =>
    own === 0 ? 0 : (row.averageCostUsd * row.callCount * total) / own;
  const byRole = (costUsd: number) => ({
    generator: 0.55 * costUsd,
    critic: 0.22 * costUsd,
    judge: 0.23 * costUsd,
  });
  const hasData = rankings.length > 0;
  return {
    window: { days: 30, from: someNow - 30 * day, to: someNow },
    paceDays: 30,
    summary: {
      runs: hasData ? 48 : 0,
      totalCostUsd: total,
      averageQuality: hasData ? 0.871 : null,
      ...summary,
    },
    rankings,
    cells: [...byType.values()].flatMap((group) =>
      group.toSorted((a, b) => highestFirst(a.qualityScore, b.qualityScore)),
    ),
    leaders: Object.fromEntries(
      [...byType].flatMap(([taskType, group]) => {
        const [leader] = group.toSorted((a, b) => highestFirst(a.qualityScore, b.qualityScore));
        return leader === undefined ? [] : [[taskType, leader]];
      }),
    ),
    routes: routesBy(
      {
        cells,
        recommendations,
        routes: [...byType]
          .map(([taskType, group]) => ({
            taskType,
            model: group.toSorted((a, b) => b.callCount - a.callCount)[0]?.model ?? '',
            share: 0,
            qualityScore: null,
            qualityInterval: null,
            taskCostUsd: null,
            supervisionShare: 0.45,
            spentUsd: group.reduce((sum, row) => sum + paid(row), 0),
            alternative: null,
            monthlySavingsUsd: null,
          }))
          .toSorted((a, b) => b.spentUsd - a.spentUsd),
      },
      () => undefined,
    ),
    recommendations,
    spend: {
      totalUsd: total,
      byRole: hasData ? byRole(total) : {},
      byModel: rankings
        .map((row) => ({ model: row.model, costUsd: paid(row), byRole: byRole(paid(row)) }))
        .toSorted((a, b) => b.costUsd - a.costUsd),
      approximate: false,
    },
    leftOut: { ahead: 0, outOfRange: 0 },
    spendByDay: hasData
      ? Array.from({ length: 30 }, (_, index) => ({
          day: Math.floor(someNow / day - 29 + index) * day,
          costUsd: (total / 30) * (0.6 + ((index * 7) % 9) / 10),
          tasks: Math.ceil(tasks / 30),
        }))
      : [],
    spendByModel: rankings
      .map((row) => ({ model: row.model, costUsd: paid(row), tasks: row.taskCount }))
      .toSorted((a, b) => b.costUsd - a.costUsd),
    spendByProject: hasData
      ? Array.from({ length: 48 }, (_, index) => ({
          projectId: `run-${index + 1}`,
          costUsd: total / 48,
          tasks: Math.ceil(tasks / 48),
        }))
      : [],
    month: {
      from: someNow - 0.5 * day,
      to: someNow + 30.5 * day,
      spentUsd: total / 30,
      forecast: hasData
        ? { usd: total, lowUsd: 0.7 * total, highUsd: 1.6 * total, days: 28, dayUsd: total / 31 }
        : null,
    },
    judges: hasData
      ? mockJudges.map((one) => ({ ...one, costUsd: one.costUsd * byRole(total).judge }))
      : [],
    learningCurve: hasData
      ? Array.from({ length: 48 }, (_, index) => ({
          projectId: `run-${index + 1}`,
          at: someNow - (48 - index) * 0.6 * day,
          tasks: 9,
          averageScore: 0.87 - 0.2 * Math.exp(-index / 12),
          costPerTaskUsd: 0.004 + 0.006 * Math.exp(-index / 15),
        }))
      : [],
  };
}

/** The models and numbers of the approved mock. */
export function mockInsight(): Insight {
  const rankings = [
    ranking('gemini-flash', { quality: 0.798, costUsd: 0.000_18, calls: 41, trend: -11 }),
    ranking('deepseek-chat', { quality: 0.887, costUsd: 0.000_41, calls: 312, trend: 8, live: 12 }),
    ranking('deepseek-reasoner', { quality: 0.903, costUsd: 0.001_23, calls: 88, trend: 3 }),
    ranking('claude-sonnet', { quality: 0.871, costUsd: 0.0021, calls: 189, trend: 0.2 }),
    ranking('gpt-4o', { quality: 0.842, costUsd: 0.0034, calls: 64, trend: -6 }),
    ranking('claude-opus', { quality: 0.94, costUsd: 0.0032, calls: 8 }),
    ranking('kimi-k2.5', { quality: 0.7, costUsd: 0.0011, calls: 2 }),
  ];
  const cells = [
    cell('code_generation', 'deepseek-chat', {
      quality: 0.91,
      costUsd: 0.000_39,
      calls: 140,
      trend: 6,
    }),
    cell('code_generation', 'claude-sonnet', { quality: 0.89, costUsd: 0.0021, calls: 60 }),
    cell('code_generation', 'gpt-4o', { quality: 0.85, costUsd: 0.0034, calls: 30, trend: -4 }),
    cell('code_review', 'claude-opus', { quality: 0.94, costUsd: 0.0032, calls: 8 }),
    cell('code_review', 'claude-sonnet', { quality: 0.86, costUsd: 0.0021, calls: 70 }),
    cell('complex_reasoning', 'deepseek-reasoner', { quality: 0.93, costUsd: 0.001_23, calls: 88 }),
    cell('complex_reasoning', 'gpt-4o', { quality: 0.83, costUsd: 0.0034, calls: 34 }),
    cell('summarization', 'gemini-flash', {
      quality: 0.88,
      costUsd: 0.000_18,
      calls: 41,
      trend: -11,
    }),
    cell('creative_writing', 'claude-sonnet', { quality: 0.88, costUsd: 0.0021, calls: 59 }),
    cell('evaluation', 'deepseek-chat', { quality: 0.89, costUsd: 0.000_44, calls: 96, trend: 9 }),
  ];
  const recommendations: Recommendation[] = [
    {
      kind: 'switch',
      taskType: 'complex_reasoning',
      model: 'claude-opus',
      alternative: 'deepseek-reasoner',
      monthlySavingsUsd: 47,
      evidence: {
        n: 71,
        nAlternative: 88,
        difference: 0.02,
        low: -0.01,
        high: 0.05,
        value: 0.91,
        valueAlternative: 0.93,
        costUsd: 0.0032,
        costAlternativeUsd: 0.001_23,
        comparisons: 12,
        volume: 71,
      },
      message:
        'Route reasoning tasks to deepseek-reasoner instead of claude-opus: quality 0.93 vs 0.91 (−0.01…+0.05), about $47 a month less.',
    },
    {
      kind: 'declining',
      taskType: 'summarization',
      model: 'gemini-flash',
      evidence: {
        n: 41,
        nAlternative: 52,
        difference: -0.09,
        low: -0.14,
        high: -0.04,
        value: 0.8,
        valueAlternative: 0.89,
        comparisons: 10,
      },
      message:
        'gemini-flash is declining on summarize: 0.89 → 0.80 against the window before (n 52 and 41). Consider another model for it.',
    },
    {
      kind: 'needs-data',
      taskType: 'code_review',
      model: 'claude-opus',
      evidence: { n: 2, moreNeeded: 10, moreCostUsd: 0.02 },
      message:
        '2 pairs of model and task type have fewer than 10 calls: claude-opus on code_review, kimi-k2.5 on summarize; 10 more calls, about $0.02, would make them count',
    },
  ];
  return insightOf(rankings, cells, recommendations, { totalCostUsd: 312.4 });
}

export const emptyInsight = (): Insight => insightOf([], []);

export const oneModelInsight = (): Insight =>
  insightOf(
    [ranking('llama3.2', { quality: 0.61, costUsd: 0, calls: 3 })],
    [cell('summarization', 'llama3.2', { quality: 0.61, costUsd: 0, calls: 3 })],
    [],
    { runs: 1 },
  );

/** Many models and task types, seeded. */
export function largeInsight(models = 200, taskTypes = 30): Insight {
  const random = seededRandom(7);
  const seeds = Array.from({ length: models }, (_, index): [string, StatsSeed] => [
    `provider-${index % 9}/model-with-a-rather-long-name-${index}-2026-0${(index % 9) + 1}`,
    {
      quality: 0.4 + 0.6 * random(),
      costUsd: 0.0001 * 10 ** (3 * random()),
      calls: Math.floor(10 ** (4.5 * random())),
      trend: random() < 0.2 ? null : Math.round(200 * random() - 60),
    },
  ]);
  const rankings = seeds
    .map(([model, seed]) => ranking(model, seed))
    .toSorted((a, b) => highestFirst(a.valueScore, b.valueScore));
  const cells = Array.from(
    { length: taskTypes },
    (_, index) => `task-type-number-${index}`,
  ).flatMap((taskType) =>
    seeds
      .filter(() => random() < 0.2)
      .map(([model, seed]) => cell(taskType, model, { ...seed, quality: random() })),
  );
  return insightOf(rankings, cells, mockInsight().recommendations);
}

/** Names from people who would like to break the screen. */
export const hostileNames = [
  '\u001B[2J\u001B[31mred\u001B[0m',
  '\u001B]0;owned\u0007title',
  'right\u202Eto-left\u200F',
  'x'.repeat(200),
  '模型-七-🚀-大',
  '👨\u200D👩\u200D👧 family 👍🏽 🇩🇪',
  'two\nlines\r\tand a tab',
  `zalgo${'\u0301'.repeat(30)}`,
  'ﷺ﷽ wide ligatures',
  '',
] as const;

export function hostileInsight(): Insight {
  const rows = hostileNames.map((model, index) =>
    ranking(model, { quality: 0.9 - index * 0.05, costUsd: 0.0004 * (index + 1), calls: 60 }),
  );
  const cells = hostileNames.flatMap((name, index) =>
    hostileNames
      .slice(0, 3)
      .map((model) =>
        cell(name, model, { quality: 0.5 + index * 0.04, costUsd: 0.001, calls: 12 }),
      ),
  );
  const recommendations = hostileNames.map((name): Recommendation => ({
    kind: 'needs-data',
    taskType: name,
    model: name,
    evidence: { n: 3, moreNeeded: 7 },
    message: `${name} has 3 calls: 7 more until its history is blended in.`,
  }));
  return insightOf(rows, cells, recommendations);
}

/** One level down for any model of an insight. */
export function detailOf(insight: Insight, model: string): ModelDetail {
  const row = insight.rankings.find((candidate) => candidate.model === model);
  const random = seededRandom(model.length + 1);
  const quality = row?.qualityScore ?? 0.5;
  const cost = row?.averageCostUsd ?? 0;
  const series = Array.from({ length: 60 }, (_, index): SeriesPoint => {
    const isQuiet = index % 11 === 5;
    const now = quality - 0.06 + 0.06 * (index / 60) + 0.02 * random();
    return {
      at: insight.window.from + ((index + 0.5) * insight.window.days * day) / 60,
      quality: isQuiet ? null : now,
      value: isQuiet ? null : now / (cost + 0.0001),
      costUsd: isQuiet ? null : cost * (0.9 + 0.2 * random()),
      latencyMs: isQuiet ? null : 1500 + 900 * random(),
      successRate: isQuiet ? null : 1 - 0.02 * random(),
      calls: isQuiet ? 0 : 5,
    };
  });
  const lastEvents = Array.from({ length: row === undefined ? 0 : 20 }, (_, index): EventRow => ({
    id: 1000 - index,
    projectId: `run-${48 - Math.floor(index / 4)}`,
    taskId: `t${String(index).padStart(2, '0')}`,
    taskType:
      insight.cells.find((candidate) => candidate.model === model)?.taskType ?? 'evaluation',
    model,
    ...(index % 3 === 0 ? {} : { reviewer: 'claude-sonnet' }),
    score: Math.min(1, quality + 0.05 * (random() - 0.5)),
    costUsd: cost * (1 + random()),
    iterations: 1 + (index % 3),
    deterministicPassed: index % 7 !== 3,
    recordedAt: someNow - index * 3600,
  }));
  return {
    model,
    ...(row === undefined ? {} : { stats: row }),
    cells: insight.cells.filter((candidate) => candidate.model === model),
    series,
    lastEvents,
  };
}

/** The last tasks of a type, whoever did them. */
export function lastTasksOf(insight: Insight, taskType: string): EventRow[] {
  return insight.cells
    .filter((cell) => cell.taskType === taskType)
    .flatMap(({ model }) => detailOf(insight, model).lastEvents)
    .map((event, index) => ({ ...event, taskType, id: 2000 - index }))
    .toSorted((a, b) => b.recordedAt - a.recordedAt);
}
