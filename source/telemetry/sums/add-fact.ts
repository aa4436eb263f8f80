import { addMoney, addQuarter, addRun, noTasks } from './detail.ts';
import { type CallFact, type EventFact, type Fact, isAuthors, isUsable } from './facts.ts';
import { addTo } from './fields.ts';
import { cellIn, type PeriodSums, widen } from './period.ts';
import { quarterOf } from './time.ts';

/** What is known of runs while rows are added up. */
export type RunKnowledge = {
  /** Whether a run has no snapshots. */
  isLive(projectId: string): boolean;
  /** Whether calls of a run are recorded one by one. */
  isBilled(projectId: string): boolean;
};

/** Adds a row to a period. */
export type AddFact = (period: PeriodSums, fact: Fact) => void;

export function createAddFact(runs: RunKnowledge): AddFact {
  const addEvent = (period: PeriodSums, event: EventFact): void => {
    const { projectId, score, costUsd, at } = event;
    const live = runs.isLive(projectId);
    const billed = runs.isBilled(projectId);
    const sums = cellIn(period, event.cell);
    addTo.event(sums, event);
    if (!billed) addTo.unbilledEvent(sums, event);
    if (live) addTo.liveEvent(sums, event);
    if (live && !billed) addTo.liveCost(sums, event);
    const scored = score === null ? 0 : 1;
    addRun(period.detail, projectId, { tasks: 1, scored, score: score ?? 0, costUsd, lastAt: at });
    addQuarter(period.detail, quarterOf(at), { costUsd: billed ? 0 : costUsd, tasks: 1 });
  };

  const addCall = (period: PeriodSums, call: CallFact): void => {
    const { projectId, model, role, costUsd, at } = call;
    if (isAuthors(call) && runs.isLive(projectId)) addTo.liveCall(cellIn(period, call.cell), call);
    addRun(period.detail, projectId, noTasks);
    addQuarter(period.detail, quarterOf(at), { costUsd, tasks: 0 });
    addMoney(period.detail, { model, role, costUsd, calls: 1 });
  };

  return (period, fact) => {
    widen(period, fact.at, fact.at);
    period.version += 1;
    if (!isUsable(fact)) {
      period.detail.leftOut += 1;
    } else if (fact.kind === 'event') {
      addEvent(period, fact);
    } else if (fact.kind === 'call') {
      addCall(period, fact);
    } else {
      addTo.snapshot(cellIn(period, fact.cell), fact);
      addRun(period.detail, fact.projectId, noTasks);
    }
  };
}
