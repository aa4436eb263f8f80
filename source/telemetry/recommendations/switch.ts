import type { Recommendation, Window } from '../../domain/insight.ts';
import { meanOf } from '../../domain/moments.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { compare, type Comparison, holm, normalQuantile } from '../statistics/index.ts';
import { type CellSamples, tasksOf } from './cell.ts';
import { count, dollars, monthly, points, quality } from './words.ts';

export type SwitchSettings = {
  /** How much worse, in [0, 1], the alternative may be and still count as not worse. */
  margin: number;
};

/** How much cheaper than the incumbent an alternative must be. */
const cheaperBy = 0.1;
/** Tasks that both models must have. */
const leastTasks = 10;
/** One-sided error of a `switch`, over all comparisons made for its task type. */
const errorLevel = 0.05;
/** How sure a `promising` alternative must be. */
const sureEnough = 0.8;

type Candidate = {
  cell: CellSamples;
  comparison: Comparison;
  /** Probability to look as good as it does if it were worse by the margin. */
  pValue: number;
};

/**
 * `switch` and `promising`: per task type, a model that is cheaper than the one used most and not worse.
 * The bounds are corrected for all such comparisons on the screen.
 */
export function adviseSwitch(
  cells: readonly CellSamples[],
  window: Window,
  { margin }: SwitchSettings,
  /** Whether a cell may be switched to. */
  isFit: (cell: CellSamples) => boolean,
): Recommendation[] {
  const contests = [...new Set(cells.map(({ taskType }) => taskType))].flatMap(
    (taskType) =>
      contestOf(
        cells.filter((cell) => cell.taskType === taskType),
        margin,
        isFit,
      ) ?? [],
  );
  const candidates = contests.flatMap((contest) => contest.candidates);
  const verdicts = holm(
    candidates.map(({ pValue }) => pValue),
    errorLevel,
  );
  const firm = new Map(
    candidates.flatMap((candidate, index) => {
      const { rejected = false, level = errorLevel } = verdicts[index] ?? {};
      return rejected ? [[candidate, level] as const] : [];
    }),
  );
  const comparisons = candidates.length;
  return contests.flatMap(({ incumbent, volume, candidates }) => {
    const context = { incumbent, volume, window, margin, comparisons };
    const firmAt = candidates.findIndex((candidate) => firm.has(candidate));
    const hopefulAt = candidates.findIndex(({ pValue }) => pValue <= 1 - sureEnough);
    const chosen = candidates[firmAt];
    const promising = candidates[hopefulAt];
    const level = chosen === undefined ? undefined : firm.get(chosen);
    return [
      ...(chosen === undefined || level === undefined ? [] : [switchTo(chosen, level, context)]),
      // Beside a firm switch only what would be cheaper still is worth a word.
      ...(promising !== undefined && (firmAt < 0 || hopefulAt < firmAt)
        ? [promise(promising, context)]
        : []),
    ];
  });
}

type Contest = {
  incumbent: CellSamples;
  /** Tasks of the type in the window. */
  volume: number;
  /** The cheapest first. */
  candidates: Candidate[];
};

function contestOf(
  cells: readonly CellSamples[],
  margin: number,
  isFit: (cell: CellSamples) => boolean,
): Contest | undefined {
  const incumbent = incumbentOf(cells);
  if (incumbent === undefined || incumbent.scores.n < leastTasks) return undefined;
  if (incumbent.costUsd <= 0) return undefined;
  const limit = (1 - cheaperBy) * costPerTask(incumbent);
  const candidates = cells
    .filter((cell) => cell !== incumbent && cell.scores.n >= leastTasks && isFit(cell))
    .filter((cell) => costPerTask(cell) <= limit)
    .map((cell): Candidate => {
      const comparison = compare(cell.scores, incumbent.scores);
      return { cell, comparison, pValue: comparison.pValueAbove(-margin) };
    })
    .toSorted((a, b) => costPerTask(a.cell) - costPerTask(b.cell) || byName(a.cell, b.cell));
  return { incumbent, volume: cells.reduce((sum, cell) => sum + tasksOf(cell), 0), candidates };
}

type Context = {
  incumbent: CellSamples;
  volume: number;
  window: Window;
  margin: number;
  comparisons: number;
};

/** The model used most; of equals the more expensive one, for which more can be saved. */
function incumbentOf(cells: readonly CellSamples[]): CellSamples | undefined {
  return cells.toSorted(
    (a, b) => tasksOf(b) - tasksOf(a) || b.costUsd - a.costUsd || byName(a, b),
  )[0];
}

function byName(a: CellSamples, b: CellSamples): number {
  return a.model < b.model ? -1 : 1;
}

function costPerTask(cell: CellSamples): number {
  const tasks = tasksOf(cell);
  return tasks > 0 ? cell.costUsd / tasks : 0;
}

function commonEvidence({ cell, comparison }: Candidate, alpha: number, context: Context) {
  const { incumbent, volume, window, comparisons } = context;
  const costUsd = costPerTask(incumbent);
  const costAlternativeUsd = costPerTask(cell);
  return {
    taskType: incumbent.taskType,
    model: incumbent.model,
    alternative: cell.model,
    monthlySavingsUsd: ((costUsd - costAlternativeUsd) * volume * 30) / window.days,
    evidence: {
      n: incumbent.scores.n,
      nAlternative: cell.scores.n,
      difference: comparison.difference,
      ...comparison.bounds(alpha),
      value: meanOf(incumbent.scores),
      valueAlternative: meanOf(cell.scores),
      costUsd,
      costAlternativeUsd,
      comparisons,
      volume,
    },
  };
}

function switchTo(candidate: Candidate, level: number, context: Context): Recommendation {
  const common = commonEvidence(candidate, level, context);
  const { evidence, model, alternative, taskType, monthlySavingsUsd } = common;
  const worst = evidence.low >= 0 ? 'better' : `not worse by more than ${points(evidence.low)}`;
  return {
    kind: 'switch',
    ...common,
    message:
      `Route ${taskTypeLabel(taskType)} tasks to ${alternative} instead of ${model}: ` +
      `quality ${quality(evidence.valueAlternative)} vs ${quality(evidence.value)} over ${evidence.nAlternative} and ${evidence.n} tasks, ${worst}; ` +
      `saves ${dollars(1000 * (evidence.costUsd - evidence.costAlternativeUsd))} per 1,000 tasks → ${monthly(monthlySavingsUsd)}`,
  };
}

function promise(candidate: Candidate, context: Context): Recommendation {
  const common = commonEvidence(candidate, 1 - sureEnough, context);
  const { evidence, model, alternative, taskType, monthlySavingsUsd } = common;
  const probability = 1 - candidate.pValue;
  const moreNeeded = tasksToSettle(candidate, context);
  return {
    kind: 'promising',
    ...common,
    evidence: { ...evidence, probability, moreNeeded },
    message:
      `Try ${alternative} on more ${taskTypeLabel(taskType)} tasks: so far ${quality(evidence.valueAlternative)} vs ${quality(evidence.value)} of ${model}, ` +
      `${Math.floor(100 * probability)}% sure to be within ${points(context.margin)}; about ${count(moreNeeded, 'more task')} would settle it, ` +
      `worth ${monthly(monthlySavingsUsd)}`,
  };
}

/**
 * Tasks of the alternative until the bound clears the margin, if it stays as good as it looks: errors
 * shrink with the root of n, and the incumbent goes on being used as much as before. At least one.
 */
function tasksToSettle({ cell, comparison, pValue }: Candidate, context: Context): number {
  const ahead = comparison.difference + context.margin;
  const error = ahead / normalQuantile(Math.min(0.5, Math.max(1e-12, pValue)));
  const wanted = ahead / normalQuantile(errorLevel / Math.max(1, context.comparisons));
  const share = 1 / cell.scores.n / (1 / cell.scores.n + 1 / context.incumbent.scores.n);
  // The alternative's part of the squared error must shrink by what is missing, as far as that alone can.
  const left = wanted ** 2 - (1 - share) * error ** 2;
  const needed =
    left > 0 ? (cell.scores.n * share * error ** 2) / left : cell.scores.n * (error / wanted) ** 2;
  return Math.max(1, Math.ceil(needed - cell.scores.n));
}
