import { type EventFact, type Fact, type CallFact, isAuthors, isUsable } from './facts.ts';
import { addTo, addSums, noSums, type Sums } from './fields.ts';
import { quarterOf } from './time.ts';

/** What one run did in a period. */
export type RunSums = {
  tasks: number;
  scored: number;
  score: number;
  costUsd: number;
  /** Of its last task. */
  lastAt: number;
  /** Whether it was counted as a run without snapshots: the sums hold only as long as it has none. */
  live: boolean;
  /** Whether its tasks were taken for what it cost: the sums hold only as long as no call of it is recorded. */
  unbilled: boolean;
};

export type Money = { model: string; role: string; costUsd: number; calls: number };
export type Quarter = { costUsd: number; tasks: number };

/** What a period holds besides the sums of its cells. */
export type Detail = {
  runs: Map<string, RunSums>;
  /** What single calls cost, by model and role, see {@link moneyKey}. */
  money: Map<string, Money>;
  /** By the start of the quarter of an hour, of which every local day is made. */
  quarters: Map<number, Quarter>;
  /** Rows that are in none of the sums, because their numbers cannot be true. */
  leftOut: number;
};

/** All that happened in a period, summed up. */
export type PeriodSums = {
  /** Times of the first and the last record in it. */
  firstAt: number;
  lastAt: number;
  /** Whether the sums weighted by age are among them. */
  aged: boolean;
  /** By the number of the (model, task type). */
  cells: Map<number, Sums>;
  readonly detail: Detail;
  /** Whether any run in it was counted as one without snapshots, or without calls, see {@link RunSums}. */
  hasLive: boolean;
  hasUnbilled: boolean;
  /** Grows with every change of the cells. */
  version: number;
};

/** What is known of runs while rows are added up. */
export type RunKnowledge = {
  /** Whether a run has no snapshots. */
  isLive(projectId: string): boolean;
  /** Whether calls of a run are recorded one by one. */
  isBilled(projectId: string): boolean;
};

export function noDetail(): Detail {
  return { runs: new Map(), money: new Map(), quarters: new Map(), leftOut: 0 };
}

export function emptyPeriod(aged: boolean): PeriodSums {
  return {
    firstAt: Infinity,
    lastAt: -Infinity,
    aged,
    cells: new Map(),
    detail: noDetail(),
    hasLive: false,
    hasUnbilled: false,
    version: 0,
  };
}

/** The sums of a cell, to be changed. */
export function cellIn(period: PeriodSums, cell: number): Sums {
  period.version += 1;
  let sums = period.cells.get(cell);
  if (sums === undefined) period.cells.set(cell, (sums = noSums(period.aged)));
  return sums;
}

function widen(period: PeriodSums, firstAt: number, lastAt: number): void {
  if (firstAt < period.firstAt) period.firstAt = firstAt;
  if (lastAt > period.lastAt) period.lastAt = lastAt;
}

function runIn({ runs }: Detail, projectId: string): RunSums {
  let run = runs.get(projectId);
  if (run === undefined) {
    run = {
      tasks: 0,
      scored: 0,
      score: 0,
      costUsd: 0,
      lastAt: -Infinity,
      live: false,
      unbilled: false,
    };
    runs.set(projectId, run);
  }
  return run;
}

function addMoney({ money }: Detail, { model, role, costUsd, calls }: Money): void {
  const key = moneyKey(model, role);
  const known = money.get(key);
  if (known === undefined) money.set(key, { model, role, costUsd, calls });
  else {
    known.costUsd += costUsd;
    known.calls += calls;
  }
}

export function moneyKey(model: string, role: string): string {
  return `${role}\0${model}`;
}

function addQuarter({ quarters }: Detail, start: number, { costUsd, tasks }: Quarter): void {
  const known = quarters.get(start);
  if (known === undefined) quarters.set(start, { costUsd, tasks });
  else {
    known.costUsd += costUsd;
    known.tasks += tasks;
  }
}

/** Adds a row to a period. */
export type AddFact = (period: PeriodSums, fact: Fact) => void;

export function createAddFact(knowledge: RunKnowledge): AddFact {
  const addEvent = (period: PeriodSums, event: EventFact): void => {
    const { detail } = period;
    const { projectId, score, costUsd, at } = event;
    const live = knowledge.isLive(projectId);
    const billed = knowledge.isBilled(projectId);
    const sums = cellIn(period, event.cell);
    addTo.event(sums, event);
    if (!billed) addTo.unbilledEvent(sums, event);
    if (live) addTo.liveEvent(sums, event);
    if (live && !billed) addTo.liveCost(sums, event);
    const run = runIn(detail, projectId);
    run.tasks += 1;
    run.scored += score === null ? 0 : 1;
    run.score += score ?? 0;
    run.costUsd += costUsd;
    if (at > run.lastAt) run.lastAt = at;
    run.live ||= live;
    run.unbilled ||= !billed;
    period.hasLive ||= live;
    period.hasUnbilled ||= !billed;
    addQuarter(detail, quarterOf(at), { costUsd: billed ? 0 : costUsd, tasks: 1 });
  };

  const addCall = (period: PeriodSums, call: CallFact): void => {
    const { detail } = period;
    const { projectId, model, role, costUsd, at } = call;
    const live = knowledge.isLive(projectId);
    if (live && isAuthors(call)) addTo.liveCall(cellIn(period, call.cell), call);
    runIn(detail, projectId).live ||= live;
    period.hasLive ||= live;
    addQuarter(detail, quarterOf(at), { costUsd, tasks: 0 });
    addMoney(detail, { model, role, costUsd, calls: 1 });
  };

  return (period, fact) => {
    widen(period, fact.at, fact.at);
    if (!isUsable(fact)) {
      period.detail.leftOut += 1;
    } else if (fact.kind === 'event') {
      addEvent(period, fact);
    } else if (fact.kind === 'call') {
      addCall(period, fact);
    } else {
      addTo.snapshot(cellIn(period, fact.cell), fact);
      runIn(period.detail, fact.projectId);
    }
  };
}

/** Adds the sums of a period's cells to another's. */
export function addCells(target: PeriodSums, source: PeriodSums): void {
  widen(target, source.firstAt, source.lastAt);
  target.hasLive ||= source.hasLive;
  target.hasUnbilled ||= source.hasUnbilled;
  // Not as entries: before the engine has compiled it, taking those apart takes four times as long, and
  // much of a first screen is spent here.
  source.cells.forEach((sums, cell) => {
    addSums(cellIn(target, cell), sums);
  });
}

export function addDetail(target: Detail, source: Detail): void {
  target.leftOut += source.leftOut;
  source.runs.forEach((from, projectId) => {
    const run = runIn(target, projectId);
    run.tasks += from.tasks;
    run.scored += from.scored;
    run.score += from.score;
    run.costUsd += from.costUsd;
    if (from.lastAt > run.lastAt) run.lastAt = from.lastAt;
    run.live ||= from.live;
    run.unbilled ||= from.unbilled;
  });
  source.money.forEach((from) => addMoney(target, from));
  source.quarters.forEach((from, start) => addQuarter(target, start, from));
}

/** Adds all of a period to another. */
export function addPeriod(target: PeriodSums, source: PeriodSums): void {
  addCells(target, source);
  addDetail(target.detail, source.detail);
}

/** Whether sums that were made of runs as they were still hold, now that these have snapshots or calls. */
export function holds(
  period: PeriodSums,
  { settled, billed }: { settled: readonly string[]; billed: readonly string[] },
): boolean {
  return !(
    // Taken apart only where it has to be.
    (period.hasLive && settled.some((id) => period.detail.runs.get(id)?.live === true)) ||
    (period.hasUnbilled && billed.some((id) => period.detail.runs.get(id)?.unbilled === true))
  );
}
