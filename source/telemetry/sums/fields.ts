import type { Moments } from '../../domain/moments.ts';
import { type CallFact, type EventFact, isAuthors, isReview, type SnapshotFact } from './facts.ts';
import { dayOf, daySeconds, halfLifeDays } from './time.ts';

/** What a row adds to a sum; `age` is its {@link ageFactor}. */
type Rule<Fact> = (fact: Fact, age: number) => number;
type Rules<Fact> = Record<string, Rule<Fact>>;

const scoreOf = ({ score }: EventFact): number => score ?? 0;
const scoredCallsOf = ({ score, iterations }: EventFact): number =>
  score === null ? 0 : iterations;
const judgedOf = ({ outcome }: EventFact): number => outcome?.judged ?? 0;
const isSampled = ({ outcome }: EventFact): boolean =>
  outcome !== undefined && outcome.sampled !== null && outcome.judged !== null;
/** How many tasks one stands for that was asked about with some probability. */
const weightOf = (event: EventFact): number =>
  isSampled(event) ? 1 / (event.outcome?.sampled ?? 1) : 0;
/** How far judges were off. */
const outcomeShift = (event: EventFact): number => scoreOf(event) - judgedOf(event);
/** Attempts that nobody judged of a result that something was found of. */
const blankCallsOf = ({ outcome, iterations }: EventFact): number =>
  outcome?.judged === null ? iterations : 0;
/** An event without any attempt has no cost per attempt either. */
const attemptCostOf = ({ iterations, costUsd }: EventFact): number =>
  iterations > 0 ? costUsd : 0;

/**
 * Whether a snapshot has a quality to average: not where every attempt failed, or none was judged. A
 * quality above 0 was scored, whatever a database of another writer counts as failures.
 */
export const isScored = ({ quality, failures, calls, unscored }: SnapshotFact): boolean =>
  quality > 0 || (failures < calls && !unscored);

const scoredOf = (row: SnapshotFact): number => (isScored(row) ? row.calls : 0);
const answeredOf = ({ calls, failures }: SnapshotFact): number => calls - failures;
const unscoredOf = (row: SnapshotFact): number => (isScored(row) ? 0 : answeredOf(row));
const pricedCostOf = ({ costUsd, calls }: SnapshotFact): number =>
  Number.isNaN(costUsd) ? 0 : calls * costUsd;

/**
 * The one list of what is summed up per (model, task type): every number that a screen, a test or a warm
 * start needs is a quotient of these. A new sum is a line here. What begins with `live` is of runs without
 * snapshots. What begins with `aged` is weighted by 2^((time − start of its UTC day) / half-life), so that
 * any later age is one factor per day.
 */
const rules = {
  event: {
    tasks: () => 1,
    unscoredTasks: ({ score }) => (score === null ? 1 : 0),
    score: scoreOf,
    scoreSquared: (event) => scoreOf(event) ** 2,
    scoreCubed: (event) => scoreOf(event) ** 3,
    scoreFourth: (event) => scoreOf(event) ** 4,
    cost: ({ costUsd }) => costUsd,
    costSquared: ({ costUsd }) => costUsd ** 2,
    /** Tasks without any usable answer. */
    emptyTasks: ({ score, passed }) => (score === 0 && !passed ? 1 : 0),
    deterministicFailures: ({ passed }) => (passed ? 0 : 1),
  } satisfies Rules<EventFact>,
  /** Of tasks that count with an outcome. */
  outcome: {
    outcomeTasks: () => 1,
    outcomeCalls: ({ iterations }) => iterations,
    // Of those that the program asked for and judges had judged, each in place of 1 / probability tasks:
    // what they were found to be (outcome), and what judges had said (judged).
    sampledTasks: (event) => weightOf(event) && 1,
    sampledWeight: weightOf,
    sampledWeightSquared: (event) => weightOf(event) ** 2,
    sampledOutcome: (event) => weightOf(event) * scoreOf(event),
    sampledJudged: (event) => weightOf(event) * judgedOf(event),
    sampledOutcomeSquared: (event) => weightOf(event) * scoreOf(event) ** 2,
    sampledProduct: (event) => weightOf(event) * scoreOf(event) * judgedOf(event),
    sampledJudgedSquared: (event) => weightOf(event) * judgedOf(event) ** 2,
    sampledShift: (event) => (isSampled(event) ? outcomeShift(event) : 0),
    sampledCallShift: (event) => (isSampled(event) ? event.iterations * outcomeShift(event) : 0),
  } satisfies Rules<EventFact>,
  /**
   * The same, of runs with snapshots: their attempts are taken to have been misjudged as the result was,
   * and those that nobody judged to be what the result was found to be.
   */
  settledOutcome: {
    scoredCalls: blankCallsOf,
    quality: (event) => event.iterations * outcomeShift(event),
    unscoredCalls: (event) => -blankCallsOf(event),
    agedBlankCalls: (event, age) => -age * blankCallsOf(event),
    agedQuality: (event, age) => age * event.iterations * outcomeShift(event),
    agedUnscored: (event, age) => -age * blankCallsOf(event),
  } satisfies Rules<EventFact>,
  /** Of runs whose calls are not recorded one by one: what the money is known by. */
  unbilledEvent: {
    unbilledTasks: () => 1,
    unbilledCost: ({ costUsd }) => costUsd,
  } satisfies Rules<EventFact>,
  /** Of runs without snapshots. */
  liveEvent: {
    liveScoredCalls: scoredCallsOf,
    liveQuality: (event) => scoredCallsOf(event) * scoreOf(event),
    agedLiveScoredCalls: (event, age) => age * scoredCallsOf(event),
    agedLiveQuality: (event, age) => age * scoredCallsOf(event) * scoreOf(event),
  } satisfies Rules<EventFact>,
  /** Of runs without snapshots whose calls are not recorded one by one. */
  liveCost: {
    liveCalls: ({ iterations }) => iterations,
    livePricedCalls: ({ iterations }) => iterations,
    liveCost: attemptCostOf,
    agedLivePricedCalls: ({ iterations }, age) => age * iterations,
    agedLiveCost: (event, age) => age * attemptCostOf(event),
  } satisfies Rules<EventFact>,
  /** Authors' calls of runs without snapshots. */
  liveCall: {
    liveCalls: ({ answered }) => (answered ? 1 : 0),
    livePricedCalls: ({ answered }) => (answered ? 1 : 0),
    liveCost: ({ costUsd }) => costUsd,
    agedLivePricedCalls: ({ answered }, age) => (answered ? age : 0),
    agedLiveCost: ({ costUsd }, age) => age * costUsd,
  } satisfies Rules<CallFact>,
  /** Calls for a task, of all runs: to the model that was called. */
  call: {
    paidCost: ({ costUsd }) => costUsd,
    ownCalls: (call) => (isAuthors(call) ? 1 : 0),
    ownCost: (call) => (isAuthors(call) ? call.costUsd : 0),
    ownCostSquared: (call) => (isAuthors(call) ? call.costUsd ** 2 : 0),
    /** What its critiques and judgements of others' answers cost. */
    reviewCost: (call) => (isReview(call) ? call.costUsd : 0),
  } satisfies Rules<CallFact>,
  snapshot: {
    calls: ({ calls }) => calls,
    failures: ({ failures }) => failures,
    validatorFailures: ({ validatorFailures }) => validatorFailures,
    scoredCalls: scoredOf,
    quality: (row) => scoredOf(row) * row.quality,
    callCost: pricedCostOf,
    latency: ({ calls, latencyMs }) => calls * latencyMs,
    latencyP95: ({ calls, latencyP95Ms }) => calls * latencyP95Ms,
    success: ({ calls, success }) => calls * success,
    /** Answers that nobody judged: calls, but no evidence of quality. */
    unscoredCalls: unscoredOf,
    agedCalls: ({ calls }, age) => age * calls,
    /** Of snapshots without a quality; mostly there are none, and a sum of nothing takes no room. */
    agedBlankCalls: (row, age) => (isScored(row) ? 0 : age * row.calls),
    agedScoredFailures: (row, age) => (isScored(row) ? age * row.failures : 0),
    agedQuality: (row, age) => age * scoredOf(row) * row.quality,
    agedCost: (row, age) => age * pricedCostOf(row),
    agedLatency: ({ calls, latencyMs }, age) => age * calls * latencyMs,
    agedLatencyP95: ({ calls, latencyP95Ms }, age) => age * calls * latencyP95Ms,
    agedSuccess: ({ calls, success }, age) => age * calls * success,
    agedTrust: ({ calls, trust }, age) => age * calls * trust,
    agedUnscored: (row, age) => age * unscoredOf(row),
    agedUnpriced: ({ calls, costUsd }, age) => (Number.isNaN(costUsd) ? age * calls : 0),
  } satisfies Rules<SnapshotFact>,
};

type NamesOf<Kinds> = Kinds extends unknown ? Extract<keyof Kinds, string> : never;
export type Field = NamesOf<(typeof rules)[keyof typeof rules]>;

const names = [...new Set(Object.values(rules).flatMap((ofKind) => Object.keys(ofKind)))];
const isAgedName = (name: string): boolean => name.startsWith('aged');

/** The names of all sums: first those that have nothing to do with age, then those for a warm start. */
export const fields: readonly string[] = [
  ...names.filter((name) => !isAgedName(name)),
  ...names.filter(isAgedName),
];
export const width = fields.length;
/** How many of them have nothing to do with age. */
export const plainWidth = fields.findIndex(isAgedName);

const positions = new Map(fields.map((name, index) => [name, index]));

/** One number per name, in their order: all of them, or the plain ones alone. */
export type Sums = number[];

export function positionOf(field: Field): number {
  return positions.get(field) ?? 0;
}

/** The sum of that name; 0 where it was left out. */
export function valueOf(sums: Sums, field: Field): number {
  return sums[positionOf(field)] ?? 0;
}

/** The sum of a name, of some cell. */
export type ValueOf = (field: Field) => number;

export function valuesOf(sums: Sums): ValueOf {
  return (field) => valueOf(sums, field);
}

/** The names that something asks for, whatever their values are. */
export function fieldsReadBy(read: (value: ValueOf) => unknown): Field[] {
  const names = new Set<Field>();
  read((field) => {
    names.add(field);
    return 0;
  });
  return [...names];
}

/** Filled with a fraction first, so that the engine keeps doubles side by side; a copy is one move of memory. */
const zeros: Sums = Array.from({ length: width }, () => 0.5).fill(0);
const plainZeros: Sums = zeros.slice(0, plainWidth);

export function noSums(aged: boolean): Sums {
  return aged ? zeros.slice() : plainZeros.slice();
}

/** Adds the sums that both have; those that are weighted by age times `factor`. */
export function addSums(target: Sums, source: Sums, factor = 1): void {
  const end = Math.min(target.length, source.length);
  for (let index = 0; index < end; index += 1) {
    const value = source[index] ?? 0;
    // Many are: a day knows events or snapshots of a cell, seldom outcomes.
    if (value !== 0) target[index] = (target[index] ?? 0) + factorOf(index, factor) * value;
  }
}

export function factorOf(position: number, factor: number): number {
  return position < plainWidth ? 1 : factor;
}

let lastAge = { at: NaN, factor: 1 };

/** The factor of the `aged…` sums; by each rule it is asked of the same row again. */
function ageFactor(at: number): number {
  if (at !== lastAge.at) {
    lastAge = { at, factor: 2 ** ((at - dayOf(at)) / (halfLifeDays * daySeconds)) };
  }
  return lastAge.factor;
}

function addingBy<Fact extends { at: number }>(
  ofKind: Rules<Fact>,
): (sums: Sums, fact: Fact) => void {
  const steps = Object.entries(ofKind)
    .map(([name, rule]) => ({ index: positions.get(name) ?? 0, rule }))
    .toSorted((a, b) => a.index - b.index);
  return (sums, fact) => {
    const age = sums.length === width ? ageFactor(fact.at) : 1;
    for (const { index, rule } of steps) {
      // What is left out comes last.
      if (index >= sums.length) return;
      sums[index] = (sums[index] ?? 0) + rule(fact, age);
    }
  };
}

/** Add what a row counts by the rules of a kind. */
export const addTo = {
  event: addingBy(rules.event),
  outcome: addingBy(rules.outcome),
  settledOutcome: addingBy(rules.settledOutcome),
  unbilledEvent: addingBy(rules.unbilledEvent),
  liveEvent: addingBy(rules.liveEvent),
  liveCost: addingBy(rules.liveCost),
  liveCall: addingBy(rules.liveCall),
  call: addingBy(rules.call),
  snapshot: addingBy(rules.snapshot),
};

/** Attempts: of snapshots, and of runs without any. */
export function callsOf(sums: Sums): number {
  return valueOf(sums, 'calls') + liveCallsOf(sums);
}

/**
 * Attempts of runs without snapshots: the authors' answers, whoever made the best one in the end. Where
 * every call failed, those that its tasks tell of.
 */
export function liveCallsOf(sums: Sums): number {
  return valueOf(sums, 'liveCalls') || valueOf(sums, 'liveScoredCalls');
}

/** Scores of the tasks that have one. */
export function scoresOf(sums: Sums): Moments {
  return scoresBy(valuesOf(sums));
}

export function scoresBy(value: ValueOf): Moments {
  return {
    n: value('tasks') - value('unscoredTasks'),
    sum: value('score'),
    sumOfSquares: value('scoreSquared'),
    higher: { cubes: value('scoreCubed'), fourths: value('scoreFourth') },
  };
}

/** Adds to one of the sums. */
export function addValue(sums: Sums, field: Field, value: number): void {
  const index = positionOf(field);
  sums[index] = (sums[index] ?? 0) + value;
}

/** Adds scores that were counted already. */
export function addScores(sums: Sums, { n, sum, sumOfSquares, higher }: Moments): void {
  addValue(sums, 'tasks', n);
  addValue(sums, 'score', sum);
  addValue(sums, 'scoreSquared', sumOfSquares);
  addValue(sums, 'scoreCubed', higher?.cubes ?? 0);
  addValue(sums, 'scoreFourth', higher?.fourths ?? 0);
}
