import type {
  CellStats,
  Insight,
  LearningPoint,
  ModelRanking,
  Summary,
} from '../../domain/insight.ts';
import { compareText, highestFirst } from '../../domain/ordering.ts';
import { type CellSamples, recommend } from '../recommendations/index.ts';
import { callsOf, scoresOf, type Sums, valueOf } from '../sums/fields.ts';
import type { PeriodSums, RunSums } from '../sums/period.ts';
import { spendByDay, spendByModel, spendOf } from './spend.ts';
import { modelStatsOf, valueScoreIn } from './model-stats.ts';
import { withoutSeverity } from './severity.ts';
import { byModel, type Slice, slicesOf, type View } from './view.ts';

/** Everything the tabs show, from one view. */
export function insightOf(given: View): Insight {
  const view = withoutSeverity(given);
  const cells = cellStatsOf(view);
  const runs = [...given.whole.detail.runs].filter(([, { tasks }]) => tasks > 0);
  const spend = spendOf(given);
  let curve: LearningPoint[] | undefined;
  return {
    window: view.window,
    summary: summaryOf(given.whole, runs.length, spend.totalUsd),
    rankings: rankingsOf(view),
    cells,
    leaders: leadersOf(cells),
    recommendations: recommend({ window: view.window, cells: statisticsOf(view) }),
    spend,
    spendByDay: spendByDay(given),
    spendByModel: spendByModel(given, spend),
    leftOut: { ahead: view.ahead, outOfRange: given.whole.detail.leftOut },
    // One view shows it, and of thousands of runs it takes a while.
    get learningCurve() {
      return (curve ??= learningCurve(runs));
    },
  };
}

function insufficient({ confidence }: ModelRanking): number {
  return confidence === 'COLD' ? 1 : 0;
}

function summaryOf({ cells }: PeriodSums, runs: number, totalCostUsd: number): Summary {
  let scored = 0;
  let score = 0;
  cells.forEach((sums) => {
    const scores = scoresOf(sums);
    scored += scores.n;
    score += scores.sum;
  });
  return { runs, totalCostUsd, averageQuality: scored > 0 ? score / scored : null };
}

export function rankingsOf(view: View): ModelRanking[] {
  const { whole, prior, cells } = view;
  const before = byModel(prior, cells);
  const slices = slicesOf(view);
  const rankings: ModelRanking[] = [];
  for (const [model, sums] of byModel(whole, cells)) {
    if (callsOf(sums) === 0) continue;
    rankings.push(rankingOf(model, sums, before.get(model), slices));
  }
  return rankings.toSorted(
    (a, b) =>
      insufficient(a) - insufficient(b) ||
      highestFirst(a.valueScore, b.valueScore) ||
      compareText(a.model, b.model),
  );
}

export function rankingOf(
  model: string,
  sums: Sums,
  before: Sums | undefined,
  slices: readonly Slice[],
): ModelRanking {
  return {
    model,
    ...modelStatsOf(sums, before),
    sparkline: slices.map((slice) => valueIn(slice.of(model))),
  };
}

/** Of all models, or of one alone. */
export function cellStatsOf({ whole, prior, cells }: View, only?: string): CellStats[] {
  const found: CellStats[] = [];
  whole.cells.forEach((sums, number) => {
    const cell = cells.of(number);
    if (callsOf(sums) === 0 || (only !== undefined && cell.model !== only)) return;
    found.push({ ...cell, ...modelStatsOf(sums, prior.cells.get(number)) });
  });
  return found.toSorted(
    (a, b) =>
      compareText(a.taskType, b.taskType) ||
      highestFirst(a.qualityScore, b.qualityScore) ||
      highestFirst(a.valueScore, b.valueScore) ||
      compareText(a.model, b.model),
  );
}

/** The first of each task type in the order of {@link cellStatsOf}; nobody leads what nobody judged. */
export function leadersOf(cells: readonly CellStats[]): Record<string, CellStats> {
  const leaders = new Map<string, CellStats>();
  for (const cell of cells) {
    if (cell.qualityScore !== null && !leaders.has(cell.taskType)) leaders.set(cell.taskType, cell);
  }
  return Object.fromEntries(leaders);
}

/** What the tests behind recommendations are given. */
export function statisticsOf({ whole, prior, cells }: View): CellSamples[] {
  return [...whole.cells].map(([cell, sums]) => {
    const before = prior.cells.get(cell);
    return {
      ...cells.of(cell),
      scores: scoresOf(sums),
      unscoredTasks: valueOf(sums, 'unscoredTasks'),
      costUsd: valueOf(sums, 'cost'),
      priorScores: before === undefined ? { n: 0, sum: 0, sumOfSquares: 0 } : scoresOf(before),
      deterministicFailures: valueOf(sums, 'deterministicFailures'),
      attempts: callsOf(sums),
      failures: valueOf(sums, 'failures'),
      validatorFailures: valueOf(sums, 'validatorFailures'),
    };
  });
}

function learningCurve(runs: readonly [string, RunSums][]): LearningPoint[] {
  return runs
    .map(([projectId, { tasks, scored, score, costUsd, lastAt }]) => ({
      projectId,
      at: lastAt,
      tasks,
      averageScore: scored > 0 ? score / scored : null,
      costPerTaskUsd: costUsd / tasks,
    }))
    .toSorted((a, b) => a.at - b.at || compareText(a.projectId, b.projectId));
}

function valueIn(sums: Sums | undefined): number | null {
  return sums === undefined || callsOf(sums) === 0 ? null : valueScoreIn(sums);
}
