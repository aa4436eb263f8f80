import type { Confidence } from './confidence.ts';
import type { JudgeStanding } from './judge-standing.ts';
import type { MonthSpend } from './month-spend.ts';
import type { DecisiveOutcome } from './outcome.ts';
import type { TaskType } from './task-type.ts';

/** A span of time in Unix seconds, both ends included. */
export type Window = { days: number; from: number; to: number };

export type Summary = {
  runs: number;
  totalCostUsd: number;
  /** Mean score of the tasks that were judged; null without any. */
  averageQuality: number | null;
};

/** What the window says of one model, or of one (model, task type). */
export type ModelStats = {
  /** Mean weighted by calls, in [0, 1]; null where nobody judged any. */
  qualityScore: number | null;
  /** 95% interval of that quality, within [0, 1]; absent with fewer than five scores. */
  qualityInterval?: { low: number; high: number };
  /** Dollars per attempt. */
  averageCostUsd: number;
  /** quality / (cost + 0.0001); null without a quality. */
  valueScore: number | null;
  /** Change of value against the prior window in percent; null without a trend. */
  trendPercent: number | null;
  /** Whether a change as large as that one is within noise. */
  trendIsNoise?: boolean;
  /** Attempts. */
  callCount: number;
  /** Those of `callCount` that come from runs without snapshots. */
  liveCallCount: number;
  /** Scored task results behind it. */
  taskCount: number;
  /** Attempts that ended in an error. */
  failureCount: number;
  /** Attempts whose answer failed a check by program. */
  validatorFailCount: number;
  /** Milliseconds per attempt; 0 where only snapshots would know, and there is none. */
  averageLatencyMs: number;
  /** 95% of attempts stayed below it, in milliseconds; 0 as above. */
  latencyP95Ms: number;
  /** Share of attempts that did not end in an error, in [0, 1]. */
  successRate: number;
  confidence: Confidence;
};

/** A model over all its task types. */
export type ModelRanking = ModelStats & {
  model: string;
  /** Value per slice of the window, oldest first; null where a slice has no calls. */
  sparkline: (number | null)[];
};

/** A model on one task type. */
export type CellStats = ModelStats & {
  model: string;
  taskType: TaskType;
  /** Of the tasks of that type in the window, judged or not: those whose best attempt was its, in [0, 1]. */
  share: number;
  /** Dollars that one of them cost with everything: all attempts, critics and judges; null without any. */
  taskCostUsd: number | null;
};

/** Where tasks of a type go, and what they cost. */
export type Route = {
  taskType: TaskType;
  /** Who would get the next one without exploration; without a configuration, who did most. */
  model: string;
  /** Of the window's tasks, those that this model did, in [0, 1]. */
  share: number;
  qualityScore: number | null;
  qualityInterval: [low: number, high: number] | null;
  /** Dollars per task of that model with everything; null where it did none. */
  taskCostUsd: number | null;
  /** Dollars that tasks of that type cost in the window, whoever did them. */
  spentUsd: number;
  /** What critics and judges got, in [0, 1], of the money whose calls are known; null where none is. */
  supervisionShare: number | null;
  /** What is advised instead, and what that saves in 30 days. */
  alternative: string | null;
  monthlySavingsUsd: number | null;
};

/** The best of a task type by quality. */
export type TaskTypeLeader = CellStats;

/** What is advised, or reported; docs/learning.md says by which test. */
export type RecommendationKind =
  /** A cheaper model is not worse. */
  | 'switch'
  /** It is probably not worse, and a few more tasks would settle it. */
  | 'promising'
  /** A model's scores fell, or rose, at some time in the window. */
  | 'declining'
  | 'improving'
  /** Scores fell or rose when another judged, or when the provider began to serve another model. */
  | 'changed'
  /** Too little is known to compare; one entry for all. */
  | 'needs-data'
  /** It fails, or fails checks, more often than the others. */
  | 'unreliable';

/** One change that the data of a window supports. */
export type Recommendation = {
  kind: RecommendationKind;
  taskType: TaskType;
  /** The model in use, or the one spoken of. */
  model: string;
  /** The model to use instead. */
  alternative?: string;
  /** Dollars in 30 days at the pace of `evidence.paceDays`. */
  monthlySavingsUsd?: number;
  evidence: RecommendationEvidence;
  /** A run that starts now does so already, whoever reads this or not. */
  inForce?: true;
  /** What to do, why with its numbers, and what it is worth. */
  message: string;
};

/** The numbers that a recommendation rests on; which there are depends on its kind. */
export type RecommendationEvidence = {
  /** Tasks (or attempts, or calls) of `model`. */
  n: number;
  /** Tasks of `alternative`, before the change, or of the other models. */
  nAlternative?: number;
  /** Alternative minus model; after minus before the change; rate minus the others' rate. */
  difference?: number;
  /** 95% bounds of `difference` that hold however often one looks, and for all `comparisons` at once. */
  low?: number;
  high?: number;
  /** The two numbers compared: quality, or rate. */
  value?: number;
  valueAlternative?: number;
  /** Dollars of own attempts per task, of the model and of the alternative. */
  costUsd?: number;
  costAlternativeUsd?: number;
  /** 95% interval of the monthly saving. */
  savingsLowUsd?: number;
  savingsHighUsd?: number;
  /** By how much the alternative may be worse and still be advised: what `low` has to stay above is its negative. */
  margin?: number;
  /** Comparisons that the bounds, and the test, are corrected for. */
  comparisons?: number;
  /** False where the two were never judged by the same judges: the difference then decides nothing. */
  comparable?: false;
  /** Probability that the alternative is not worse (`promising`): an estimate that decides nothing. */
  probability?: number;
  /** About how many more tasks or calls would settle it, and what they cost. */
  moreNeeded?: number;
  moreCostUsd?: number;
  /** Tasks in the window that would move: the volume behind the saving. */
  volume?: number;
  /** Days that `volume` is taken to be of. */
  paceDays?: number;
  /** Unix seconds: the first day of which scores count in the comparison, whatever the window is. */
  from?: number;
  /** Unix seconds: the day on which a change began. */
  since?: number;
};

/** What was paid in a window. */
export type Spend = {
  totalUsd: number;
  /** By what the calls were for; `unknown` where only the cost of whole tasks is known. */
  byRole: Record<string, number>;
  /** Most money first. */
  byModel: { model: string; costUsd: number; byRole: Record<string, number> }[];
  /** Whether part of it is booked by tasks on the model that was chosen, whoever got the money. */
  approximate: boolean;
};

/** Rows that are in no number, because they are of another clock or another scale. */
export type LeftOut = {
  /** Dated in the future, anywhere in the history. */
  ahead: number;
  /** With a score, rate or amount that cannot be true, in the window. */
  outOfRange: number;
};

/** `day`: Unix seconds of its start in local time. */
export type SpendSlice = { day: number; costUsd: number; tasks: number };
export type LearningPoint = {
  projectId: string;
  at: number;
  tasks: number;
  /** Of the tasks that were judged; null without any. */
  averageScore: number | null;
  costPerTaskUsd: number;
};

/** Everything the dashboard's tabs show of one window; one definition per number. */
export type Insight = {
  window: Window;
  /** Days that amounts per month are worked out by: those of the window that the history covers, a week at least. */
  paceDays: number;
  summary: Summary;
  rankings: ModelRanking[];
  /** Every (model, task type) with calls in the window, by task type, then quality descending. */
  cells: CellStats[];
  leaders: Record<TaskType, TaskTypeLeader>;
  /** Per task type, most money first; by the history alone, see `routesBy`. */
  routes: Route[];
  recommendations: Recommendation[];
  /** The recommendations are not known yet: their evidence reaches further back than the numbers. */
  adviceFollows?: true;
  spend: Spend;
  /** The calendar month that holds the end of the window, whatever the window is. */
  month: MonthSpend;
  /** Those who were paid most first. */
  judges: readonly JudgeStanding[];
  leftOut: LeftOut;
  /** Per local day, ascending; without those on which nothing happened. */
  spendByDay: SpendSlice[];
  spendByModel: { model: string; costUsd: number; tasks: number }[];
  /** Most money first. */
  spendByProject: { projectId: string; costUsd: number; tasks: number }[];
  /** Run by run, oldest first. */
  learningCurve: LearningPoint[];
};

export type EventRow = {
  id: number;
  projectId: string;
  taskId: string;
  taskType: TaskType;
  model: string;
  reviewer?: string;
  /** Absent: a usable answer that nobody judged. */
  score?: number;
  costUsd: number;
  iterations: number;
  deterministicPassed: boolean;
  recordedAt: number;
  /** What was found of its result, which counts in place of the score; absent: nothing was, or it was withdrawn. */
  found?: DecisiveOutcome;
};

/** Older tasks of a type are in no list. */
export const mostLastTasks = 200;

export type SeriesPoint = {
  /** Unix seconds: the middle of the slice. */
  at: number;
  quality: number | null;
  value: number | null;
  costUsd: number | null;
  latencyMs: number | null;
  successRate: number | null;
  calls: number;
};

/** One level down: a model over time. */
export type ModelDetail = {
  model: string;
  stats?: ModelRanking;
  cells: CellStats[];
  series: SeriesPoint[];
  /** Newest first. */
  lastEvents: EventRow[];
};

/** What reading telemetry.db came to; the last good insight stays with the reader's caller. */
export type InsightReading =
  /** `offlineSince`: the last numbers of a server that does not answer since then, in Unix seconds. */
  | { status: 'ready'; insight: Insight; newerSchema?: number; offlineSince?: number }
  | { status: 'empty'; insight: Insight }
  /** A long history is being summed up, which another thread does meanwhile. */
  | { status: 'loading' }
  | { status: 'missing' }
  | { status: 'locked' }
  | { status: 'not-a-database'; message: string }
  | { status: 'failed'; message: string };

/**
 * A reader of one telemetry.db for an open dashboard. Synchronous, short on every call, never throws,
 * never changes content; survives a file that is missing, locked, replaced or deleted meanwhile.
 */
export type InsightReader = {
  readonly path: string;
  /** Whether another read could bring news; costs microseconds when not. */
  changed(): boolean;
  /** Whether reading whatever a key opens takes no longer than a screen to draw. */
  isQuick(): boolean;
  /**
   * `advice: false`: its numbers alone, which are there sooner. Where advice is not among them though it was
   * asked for, {@link InsightReader.changed} says when it can be had.
   */
  read(days: number, options?: { advice: boolean }): InsightReading;
  modelDetail(model: string, days: number): ModelDetail | undefined;
  /** The last tasks of a type in the window, the newest first, at most {@link mostLastTasks}; undefined: not yet. */
  lastTasks(taskType: TaskType, days: number): readonly EventRow[] | undefined;
  close(): void;
};
