import type {
  CellStats,
  Insight,
  LearningPoint,
  ModelRanking,
  Recommendation,
  Summary,
} from '../../domain/insight.ts';
import { compareText, highestFirst } from '../../domain/ordering.ts';
import { routesBy } from '../../domain/routes.ts';
import { callsOf, scoresOf, type Sums, valueOf } from '../sums/fields.ts';
import type { PeriodSums } from '../sums/period.ts';
import type { RunSums } from '../sums/detail.ts';
import { judgedKey, judgementsOf, withoutSeverity } from './severity.ts';
import { routesOf, tasksByType } from './routes.ts';
import { adviceOf } from './samples.ts';
import { judgeStandings } from './judges.ts';
import { monthOf, monthStart, paceDaysOf } from './month.ts';
import { spendByDay, spendByModel, spendByProject, spendOf } from './spend.ts';
import { modelStatsOf, valueScoreIn } from './model-stats.ts';
import { byModel, type Slice, slicesOf, type View } from './view.ts';

/**
 * Everything the tabs show, from one view. `earlier`: the advice of a moment ago, for a view without the
 * evidence behind advice.
 */
export function insightOf(given: View, earlier?: Recommendation[]): Insight {
  const view = withoutSeverity(given);
  const cells = cellStatsOf(view);
  const monthFrom = monthStart(given.window.to);
  const isOfMonth = ({ before }: { before: number }): boolean => before > monthFrom;
  const spend = spendOf(given);
  const { evidence } = given;
  const recommendations = evidence === undefined ? (earlier ?? []) : adviceOf(given, evidence);
  let curve: LearningPoint[] | undefined;
  let projects: Insight['spendByProject'] | undefined;
  return {
    window: view.window,
    paceDays: paceDaysOf(given),
    summary: summaryOf(given.whole, given.runCount, spend.totalUsd),
    rankings: rankingsOf(view),
    cells,
    leaders: leadersOf(cells),
    routes: routesBy({ routes: routesOf(given), cells, recommendations }, () => undefined),
    recommendations,
    ...((evidence ?? earlier) ? {} : { adviceFollows: true }),
    spend,
    month: monthOf(spendByDay(given.recentDays.filter(isOfMonth)), given.window.to),
    spendByDay: spendByDay(given.parts),
    spendByModel: spendByModel(given, spend),
    judges: judgeStandings(given),
    leftOut: { ahead: view.ahead, outOfRange: given.whole.detail.leftOut },
    // One view shows them, and of thousands of runs they take a while.
    get learningCurve() {
      return (curve ??= learningCurve(given.runs()));
    },
    get spendByProject() {
      return (projects ??= spendByProject(given.runs()));
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

function rankingsOf(view: View): ModelRanking[] {
  const { whole, cells } = view;
  const slices = slicesOf(view);
  const rankings: ModelRanking[] = [];
  for (const [model, sums] of byModel(whole, cells)) {
    if (callsOf(sums) > 0) rankings.push(rankingOf(model, sums, view, slices));
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
  { whole, prior, recent, cells }: View,
  slices: readonly Slice[],
): ModelRanking {
  return {
    model,
    ...modelStatsOf(sums, {
      prior: byModel(prior, cells).get(model),
      recent: byModel(recent, cells).get(model),
      judged: judgementsOf(whole).get(judgedKey(model)),
    }),
    sparkline: slices.map((slice) => valueIn(slice.of(model))),
  };
}

/** Of all models, or of one alone. */
export function cellStatsOf({ whole, prior, recent, cells }: View, only?: string): CellStats[] {
  const found: CellStats[] = [];
  const tasksOfType = tasksByType(whole, cells);
  whole.cells.forEach((sums, number) => {
    const cell = cells.of(number);
    if (callsOf(sums) === 0 || (only !== undefined && cell.model !== only)) return;
    const tasks = valueOf(sums, 'tasks');
    found.push({
      ...cell,
      ...modelStatsOf(sums, {
        prior: prior.cells.get(number),
        recent: recent.cells.get(number),
        judged: judgementsOf(whole).get(judgedKey(cell.model, cell.taskType)),
      }),
      share: tasks > 0 ? tasks / (tasksOfType.get(cell.taskType) ?? tasks) : 0,
      taskCostUsd: tasks > 0 ? valueOf(sums, 'cost') / tasks : null,
    });
  });
  return found.toSorted(
    (a, b) =>
      compareText(a.taskType, b.taskType) ||
      highestFirst(a.qualityScore, b.qualityScore) ||
      highestFirst(a.valueScore, b.valueScore) ||
      compareText(a.model, b.model),
  );
}

/** Calls without which a model leads only where no other has as many: the luckiest three are no leader. */
const leastCalls = 10;

/** The best of each task type in the order of {@link cellStatsOf}; nobody leads what nobody judged. */
export function leadersOf(cells: readonly CellStats[]): Record<string, CellStats> {
  const judged = cells.filter(({ qualityScore }) => qualityScore !== null);
  const leaders = new Map<string, CellStats>();
  for (const [taskType, ofType] of Map.groupBy(judged, (cell) => cell.taskType)) {
    const [leader] = [...ofType.filter(({ callCount }) => callCount >= leastCalls), ...ofType];
    if (leader !== undefined) leaders.set(taskType, leader);
  }
  return Object.fromEntries(leaders);
}

function learningCurve(runs: ReadonlyMap<string, RunSums>): LearningPoint[] {
  return [...runs]
    .filter(([, { tasks }]) => tasks > 0)
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
