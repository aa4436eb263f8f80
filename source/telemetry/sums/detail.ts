/** What one run did in a period. */
export type RunSums = {
  tasks: number;
  scored: number;
  score: number;
  costUsd: number;
  /** Of its last task. */
  lastAt: number;
};

export type Money = { model: string; role: string; costUsd: number; calls: number };
export type Quarter = { costUsd: number; tasks: number };

/**
 * What a period holds besides the sums of its cells. What is in a map is replaced and never changed: it may
 * be in the maps of other periods as well.
 */
export type Detail = {
  /** Of every run that has any row in it. */
  runs: Map<string, RunSums>;
  /** What single calls cost, by model and role, see {@link moneyKey}. */
  money: Map<string, Money>;
  /** By the start of the quarter of an hour, of which every local day is made. */
  quarters: Map<number, Quarter>;
  /** Rows that are in none of the sums, because their numbers cannot be true. */
  leftOut: number;
};

export function noDetail(): Detail {
  return { runs: new Map(), money: new Map(), quarters: new Map(), leftOut: 0 };
}

/** Of a run that has rows in a period, but no task. */
export const noTasks: RunSums = { tasks: 0, scored: 0, score: 0, costUsd: 0, lastAt: -Infinity };

export function addRun({ runs }: Detail, projectId: string, added: RunSums): void {
  const known = runs.get(projectId);
  if (known === undefined) runs.set(projectId, added);
  else if (added !== noTasks) {
    runs.set(projectId, {
      tasks: known.tasks + added.tasks,
      scored: known.scored + added.scored,
      score: known.score + added.score,
      costUsd: known.costUsd + added.costUsd,
      lastAt: Math.max(known.lastAt, added.lastAt),
    });
  }
}

export function addMoney({ money }: Detail, { model, role, costUsd, calls }: Money): void {
  const key = moneyKey(model, role);
  const known = money.get(key) ?? { costUsd: 0, calls: 0 };
  const sums = { costUsd: known.costUsd + costUsd, calls: known.calls + calls };
  money.set(key, { model, role, ...sums });
}

export function moneyKey(model: string, role: string): string {
  return `${role}\0${model}`;
}

export function addQuarter({ quarters }: Detail, start: number, added: Quarter): void {
  const known = quarters.get(start);
  if (known === undefined) quarters.set(start, added);
  else {
    const costUsd = known.costUsd + added.costUsd;
    quarters.set(start, { costUsd, tasks: known.tasks + added.tasks });
  }
}

export function addDetail(target: Detail, source: Detail): void {
  target.leftOut += source.leftOut;
  source.runs.forEach((run, projectId) => addRun(target, projectId, run));
  source.money.forEach((money) => addMoney(target, money));
  source.quarters.forEach((quarter, start) => addQuarter(target, start, quarter));
}
