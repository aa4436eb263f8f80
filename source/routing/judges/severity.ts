import { byCell, type Entry, type JudgementTable } from './judgements.ts';
import { inverseOf, type Matrix, productOf, zeroMatrix } from './matrix.ts';

/** How far severities of judges lie apart, before anything is known of them (standard deviation). */
const severitySpread = 0.15;
/** How much more a judge gives to models of its own provider, likewise. */
const kinSpread = 0.1;
/** How much single (judge, model, task type)s deviate besides. */
const interaction = 0.015;

/**
 * What each judge adds to what it judges (generous: above 0), and besides to models of its own provider;
 * estimated from what several judges judged, everything else being unknown.
 */
export type Severities = {
  /** By the judge's number: what it adds to others' models; then, by the same, what it adds to its kin besides. */
  effects: readonly number[];
  /** Of the effects. */
  covariance: Matrix;
  /** By the judge's number: judges that are not of one group share no subject, so nothing compares them. */
  groups: readonly number[];
};

/**
 * Weighted least squares of `mean = cell + judge + kin`, every cell free, the effects drawn towards 0 by
 * what is usual; centred so that over all judgements of a group they sum to 0. Where no two judges judged
 * the same (model, task type) every effect is exactly 0.
 */
export function severitiesOf(table: JudgementTable): Severities {
  const { judges } = table;
  const size = 2 * judges.length;
  const cells = byCell(table);
  const groups = groupsOf(judges.length, cells);
  const precision = zeroMatrix(size);
  const target = Array.from({ length: size }, () => 0);
  for (const cell of cells) if (cell.length > 1) addCell(table, cell, precision, target);
  for (let index = 0; index < size; index += 1) {
    const spread = index < judges.length ? severitySpread : kinSpread;
    add(precision, index, index, 1 / spread ** 2);
  }
  const covariance = inverseOf(precision);
  const effects = productOf(covariance, target);
  centre(table, effects, groups);
  return { effects, covariance, groups };
}

/** The numbers of the effects that are in an entry's scores. */
export function effectsIn({ judge, kin }: Entry, judges: number): number[] {
  return kin ? [judge, judges + judge] : [judge];
}

export function effectOn(entry: Entry, effects: readonly number[]): number {
  let sum = 0;
  for (const index of effectsIn(entry, effects.length / 2)) sum += effects[index] ?? 0;
  return sum;
}

/** The normal equations of a cell, its own mean taken out. */
function addCell(
  { judges, variance }: JudgementTable,
  cell: readonly Entry[],
  precision: Matrix,
  target: number[],
): void {
  const weighted = cell.map((entry) => ({
    entry,
    indices: effectsIn(entry, judges.length),
    weight: 1 / (variance / entry.n + interaction ** 2),
  }));
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  const mean = weighted.reduce((sum, { entry, weight }) => sum + weight * entry.mean, 0) / total;
  for (const { entry, indices, weight } of weighted) {
    for (const index of indices) {
      target[index] = (target[index] ?? 0) + weight * (entry.mean - mean);
      for (const other of weighted) {
        const share = (weight * other.weight) / total;
        for (const column of other.indices) {
          add(precision, index, column, (other.entry === entry ? weight : 0) - share);
        }
      }
    }
  }
}

function add(matrix: Matrix, row: number, column: number, value: number): void {
  const values = matrix[row];
  if (values !== undefined) values[column] = (values[column] ?? 0) + value;
}

function centre(table: JudgementTable, effects: number[], groups: readonly number[]): void {
  const sums = new Map<number, { weight: number; effect: number }>();
  for (const entry of table.entries) {
    const group = groups[entry.judge] ?? -1;
    const sum = sums.get(group) ?? { weight: 0, effect: 0 };
    sum.weight += entry.n;
    sum.effect += entry.n * effectOn(entry, effects);
    sums.set(group, sum);
  }
  for (const [judge, group] of groups.entries()) {
    const { weight, effect } = sums.get(group) ?? { weight: 1, effect: 0 };
    if (effect !== 0) effects[judge] = (effects[judge] ?? 0) - effect / weight;
  }
}

/** Judges that have a subject in common, directly or through others, have the same number. */
function groupsOf(judges: number, cells: readonly (readonly Entry[])[]): number[] {
  const parents = Array.from({ length: judges }, (_, judge) => judge);
  const rootOf = (judge: number): number => {
    let root = judge;
    while (parents[root] !== root) root = parents[root] ?? root;
    return root;
  };
  for (const [first, ...others] of cells) {
    if (first === undefined) continue;
    for (const { judge } of others) parents[rootOf(judge)] = rootOf(first.judge);
  }
  return parents.map((_, judge) => rootOf(judge));
}
