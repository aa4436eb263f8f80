import type { TaskType } from '../../domain/task-type.ts';

/** The scores that one judge gave to answers of one model to tasks of one type, added up. */
export type JudgementSums = {
  judge: string;
  subject: string;
  taskType: TaskType;
  n: number;
  sum: number;
  sumOfSquares: number;
};

/** Whose provider is whose; undefined where it is unknown. */
export type ProviderOf = (model: string) => string | undefined;

/** A {@link JudgementSums} by numbers. */
export type Entry = {
  judge: number;
  cell: number;
  n: number;
  mean: number;
  /** Judge and subject are of one provider. */
  kin: boolean;
};

/** Who judged what, by numbers of the judges and of the (model, task type)s they judged. */
export type JudgementTable = {
  judges: readonly string[];
  cells: ReadonlyMap<string, number>;
  entries: readonly Entry[];
  /** Of single scores around the mean that a judge gives a cell. */
  variance: number;
};

/** The usual variance of scores, and the scores that it counts for: few say little of how they vary. */
const usualVariance = { value: 0.01, scores: 5 };

export function cellKey(subject: string, taskType: TaskType): string {
  return `${taskType}\0${subject}`;
}

export function tableOf(
  sums: Iterable<JudgementSums>,
  providerOf: ProviderOf = () => undefined,
): JudgementTable {
  const judges = new Map<string, number>();
  const cells = new Map<string, number>();
  const entries: Entry[] = [];
  let squares = 0;
  let degreesOfFreedom = 0;
  for (const { judge, subject, taskType, n, sum, sumOfSquares } of sums) {
    if (n <= 0) continue;
    const mean = sum / n;
    const provider = providerOf(judge);
    entries.push({
      judge: numberIn(judges, judge),
      cell: numberIn(cells, cellKey(subject, taskType)),
      n,
      mean,
      kin: provider !== undefined && provider === providerOf(subject),
    });
    squares += Math.max(0, sumOfSquares - n * mean ** 2);
    degreesOfFreedom += n - 1;
  }
  const { value, scores } = usualVariance;
  const variance = (squares + scores * value) / (degreesOfFreedom + scores);
  return { judges: [...judges.keys()], cells, entries, variance };
}

function numberIn(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

/** The entries of each cell, by its number. */
export function byCell({ cells, entries }: JudgementTable): Entry[][] {
  const groups: Entry[][] = Array.from({ length: cells.size }, () => []);
  for (const entry of entries) groups[entry.cell]?.push(entry);
  return groups;
}
