import type { JudgementSums } from '../../routing/index.ts';

/** What one run did in a period. */
export type RunSums = {
  tasks: number;
  scored: number;
  score: number;
  /** Of its tasks, all in. */
  costUsd: number;
  /** What was paid for it: of its calls, or of its tasks where no call is recorded. */
  paidUsd: number;
  /** Of its last task. */
  lastAt: number;
  /** Whether it was counted as a run without snapshots: the sums hold only as long as it has none. */
  live: boolean;
  /** Whether its tasks were taken for what it cost: the sums hold only as long as no call of it is recorded. */
  unbilled: boolean;
};

export type Money = { model: string; role: string; costUsd: number; calls: number };
type Quarter = { costUsd: number; tasks: number };

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

export function noDetail(): Detail {
  return { runs: new Map(), money: new Map(), quarters: new Map(), leftOut: 0 };
}

// What is in a detail is replaced and never changed: it may be in the details of other periods as well.

export function addRun({ runs }: Detail, projectId: string, added: RunSums): void {
  const known = runs.get(projectId);
  if (known === undefined) runs.set(projectId, added);
  // Snapshots say nothing new of a run.
  else if (added.tasks > 0 || added.paidUsd > 0 || (added.live && !known.live)) {
    runs.set(projectId, {
      tasks: known.tasks + added.tasks,
      scored: known.scored + added.scored,
      score: known.score + added.score,
      costUsd: known.costUsd + added.costUsd,
      paidUsd: known.paidUsd + added.paidUsd,
      lastAt: Math.max(known.lastAt, added.lastAt),
      live: known.live || added.live,
      unbilled: known.unbilled || added.unbilled,
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
  const { costUsd, tasks } = quarters.get(start) ?? { costUsd: 0, tasks: 0 };
  quarters.set(start, { costUsd: costUsd + added.costUsd, tasks: tasks + added.tasks });
}

export function addDetail(target: Detail, source: Detail): void {
  target.leftOut += source.leftOut;
  source.runs.forEach((run, projectId) => addRun(target, projectId, run));
  source.money.forEach((money) => addMoney(target, money));
  source.quarters.forEach((quarter, start) => addQuarter(target, start, quarter));
}

/** Who judged whom at what in a period. */
export type Judgements = {
  /** By {@link judgementKey}. */
  sums: Map<string, JudgementSums>;
  /** Of every model that was called. */
  providers: Map<string, string>;
  /** What the provider said that it served as a model, for tasks of a type. */
  served: Map<string, ServedSums>;
};

type ServedSums = { model: string; taskType: string; served: string; calls: number };

/** Names of what was served that are kept of a period. */
const mostServed = 2000;

export function noJudgements(): Judgements {
  return { sums: new Map(), providers: new Map(), served: new Map() };
}

function judgementKey({ judge, subject, taskType }: JudgementSums): string {
  return `${taskType}\0${judge}\0${subject}`;
}

/** Adds to those of the same judge, subject and task type; what is there is replaced, never changed. */
export function addJudgement({ sums }: Judgements, added: JudgementSums): void {
  const key = judgementKey(added);
  const known = sums.get(key);
  if (known === undefined) sums.set(key, added);
  else {
    sums.set(key, {
      ...known,
      n: known.n + added.n,
      sum: known.sum + added.sum,
      sumOfSquares: known.sumOfSquares + added.sumOfSquares,
    });
  }
}

export function addServed({ served }: Judgements, added: ServedSums): void {
  const key = `${added.taskType}\0${added.model}\0${added.served}`;
  // A provider that names every answer differently tells nothing.
  if (served.size >= mostServed && !served.has(key)) return;
  served.set(key, { ...added, calls: (served.get(key)?.calls ?? 0) + added.calls });
}

export function addJudgements(target: Judgements, source: Judgements): void {
  source.sums.forEach((sums) => addJudgement(target, sums));
  source.providers.forEach((provider, model) => target.providers.set(model, provider));
  source.served.forEach((sums) => addServed(target, sums));
}

export function copyOfJudgements({ sums, providers, served }: Judgements): Judgements {
  return { sums: new Map(sums), providers: new Map(providers), served: new Map(served) };
}

/** As they are kept: names and numbers in rows. */
type Kept = {
  sums: [judge: string, subject: string, type: string, n: number, sum: number, squares: number][];
  providers: [model: string, provider: string][];
  served: [model: string, taskType: string, served: string, calls: number][];
};

export function encodeJudgements({ sums, providers, served }: Judgements): string {
  const kept: Kept = { sums: [], providers: [...providers], served: [] };
  for (const { judge, subject, taskType, n, sum, sumOfSquares } of sums.values()) {
    kept.sums.push([judge, subject, taskType, n, sum, sumOfSquares]);
  }
  for (const { model, taskType, served: name, calls } of served.values()) {
    kept.served.push([model, taskType, name, calls]);
  }
  return JSON.stringify(kept);
}

export function decodeJudgements(text: string): Judgements {
  const kept: Kept = JSON.parse(text);
  const judgements = { ...noJudgements(), providers: new Map(kept.providers) };
  for (const [judge, subject, taskType, n, sum, sumOfSquares] of kept.sums) {
    addJudgement(judgements, { judge, subject, taskType, n, sum, sumOfSquares });
  }
  for (const [model, taskType, served, calls] of kept.served) {
    addServed(judgements, { model, taskType, served, calls });
  }
  return judgements;
}

/**
 * Ids of the runs that did a task, as numbers of 52 bits: many thousands of them are counted in no time, and two
 * of a hundred thousand are the same once in a million times.
 */
export type RunDigests = Float64Array;

export function runDigests(runs: ReadonlyMap<string, RunSums>): RunDigests {
  const ids = [...runs].flatMap(([id, { tasks }]) => (tasks > 0 ? [id] : []));
  return Float64Array.from(ids, digestOf);
}

/** Never 0. */
function digestOf(id: string): number {
  let high = 0x1b_87_35_93;
  let low = 0x2c_1b_3c_6d;
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index);
    high = mixed(high ^ code);
    low = mixed(low + Math.imul(code, 0x29_7a_2d_39));
  }
  return (mixed(high) % 2 ** 20) * 2 ** 32 + mixed(low ^ high) + 1;
}

/** Every bit of a whole number of 32 bits tells in every bit of the result. */
function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x7f_eb_35_2d);
  bits = Math.imul(bits ^ (bits >>> 15), 0x84_6c_a6_8b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A set of digests, made for so many. */
export function createDigestSet(most: number): {
  add: (digest: number) => void;
  has: (digest: number) => boolean;
  size: () => number;
} {
  const slots = new Float64Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
  const mask = slots.length - 1;
  let size = 0;
  const slotOf = (digest: number): number => {
    let slot = digest & mask;
    while (slots[slot] !== 0 && slots[slot] !== digest) slot = (slot + 1) & mask;
    return slot;
  };
  return {
    add(digest) {
      const slot = slotOf(digest);
      if (slots[slot] === 0) size += 1;
      slots[slot] = digest;
    },
    has: (digest) => slots[slotOf(digest)] === digest,
    size: () => size,
  };
}
