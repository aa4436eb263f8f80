import type { Moments } from '../../domain/moments.ts';
import type { Recommendation } from '../../domain/insight.ts';
import { recommend } from '../recommendations/index.ts';
import type { CellSamples, CostSample, DayScores, Judged, Mix } from '../recommendations/cell.ts';
import { severityOver } from '../severity-over.ts';
import { callsOf, noSums, scoresBy, type Sums, valueOf } from '../sums/fields.ts';
import { eachCell } from '../sums/period.ts';
import { costOf } from './model-stats.ts';
import { paidIn } from './routes.ts';
import { paceDaysOf } from './month.ts';
import type { EvidenceSlice, View } from './view.ts';

/** Tasks that a cost per task is taken from; where the window has fewer, the last 90 days tell more. */
const leastTasks = 20;

type Growing = CellSamples & { days: DayScores[]; asGiven?: DayScores[] };

/** What a view supports changing, by the evidence behind it. */
export function adviceOf(view: View, evidence: readonly EvidenceSlice[]): Recommendation[] {
  return recommend({
    window: view.window,
    paceDays: paceDaysOf(view),
    ...samplesOf(view, evidence),
  });
}

/** What the tests behind recommendations are given. */
export function samplesOf(
  { whole, recent, cells }: View,
  evidence: readonly EvidenceSlice[],
): { cells: CellSamples[]; judged: Judged } {
  const severity = severityOver(evidence, cells);
  const found = new Map<number, Growing>();
  const { identified } = severity.effects;
  for (const { day, sums } of evidence) {
    eachCell(sums, (number, ofDay) => {
      let cell = found.get(number);
      if (cell === undefined) {
        const { model, taskType } = cells.of(number);
        const window = whole.cells.get(number) ?? noSums(false);
        cell = {
          model,
          taskType,
          ...windowOf(window, recent.cells.get(number)),
          days: [],
          ...(identified ? { asGiven: [] } : {}),
        };
        found.set(number, cell);
      }
      const given = scoresBy(ofDay);
      const failures = ofDay('failures') - ofDay('emptyTasks');
      const add = (days: DayScores[], scores: Moments): void => {
        const withFailures = { ...scores, n: scores.n + Math.max(0, failures) };
        if (withFailures.n > 0) days.push({ day, scores: withFailures });
      };
      const of = { day, cell: number, decided: ofDay('outcomeTasks') };
      add(cell.days, severity.takenOutOf(given, of));
      if (cell.asGiven !== undefined) add(cell.asGiven, given);
    });
  }
  return {
    cells: [...found.values()],
    judged: {
      varianceBetween: (a, b) => severity.effects.varianceBetween(a, b),
      comparable: (a, b) => severity.effects.comparable(a, b),
      mixOf: ({ model, taskType }, from, before) =>
        mixOf(evidence, { model, taskType, from, before }),
    },
  };
}

function windowOf(
  sums: Sums,
  recent: Sums | undefined,
): Omit<CellSamples, 'model' | 'taskType' | 'days' | 'asGiven'> {
  const inWindow = costSampleOf(sums);
  const own =
    inWindow === undefined || inWindow.tasks < leastTasks
      ? (costSampleOf(recent ?? sums) ?? inWindow)
      : inWindow;
  const reviewsUsd = valueOf(sums, 'reviewCost');
  return {
    attempts: callsOf(sums),
    failures: valueOf(sums, 'failures'),
    validatorFailures: valueOf(sums, 'validatorFailures'),
    recentAttempts: callsOf(recent ?? sums),
    tasks: valueOf(sums, 'tasks'),
    tasksCostUsd: valueOf(sums, 'cost'),
    ...(own === undefined ? {} : { own }),
    answersUsd: paidIn(sums) - reviewsUsd,
    reviewsUsd,
  };
}

/**
 * From single calls where enough are recorded; else from what snapshots say of an attempt, with the spread that
 * tasks show. Of a history of tasks alone that is all that a task cost.
 */
function costSampleOf(sums: Sums): CostSample | undefined {
  const tasks = valueOf(sums, 'tasks');
  const billed = tasks - valueOf(sums, 'unbilledTasks');
  const own = valueOf(sums, 'ownCost');
  if (billed >= Math.min(leastTasks, tasks) && billed > 0 && valueOf(sums, 'ownCalls') > 0) {
    // As if calls came by chance: a task takes one, or a few.
    const squares = valueOf(sums, 'ownCostSquared');
    const relativeVariance = own > 0 ? squares / own ** 2 : 0;
    return { tasks: billed, meanUsd: own / billed, relativeVariance };
  }
  if (tasks === 0) return undefined;
  const cost: Moments = {
    n: tasks,
    sum: valueOf(sums, 'cost'),
    sumOfSquares: valueOf(sums, 'costSquared'),
  };
  const spread = cost.sum > 0 ? Math.max(0, cost.sumOfSquares / cost.sum ** 2 - 1 / tasks) : 0;
  return {
    tasks,
    meanUsd: (costOf(sums) * callsOf(sums)) / tasks,
    relativeVariance: spread + 0.01 / tasks,
  };
}

function addTo(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function mixOf(
  evidence: readonly EvidenceSlice[],
  of: { model: string; taskType: string; from: number; before: number },
): Mix {
  const judges = new Map<string, number>();
  const served = new Map<string, number>();
  for (const { day, sums } of evidence) {
    if (day < of.from || day >= of.before) continue;
    for (const { judge, subject, taskType, n } of sums.judgements.sums.values()) {
      if (subject === of.model && taskType === of.taskType) addTo(judges, judge, n);
    }
    for (const { model, taskType, served: name, calls } of sums.judgements.served.values()) {
      if (model === of.model && taskType === of.taskType) addTo(served, name, calls);
    }
  }
  return { judges, served };
}
