import { byCell, type Entry, type JudgementTable } from './judgements.ts';
import { inverseOf, type Matrix, productOf, zeroMatrix } from './matrix.ts';

/** How far severities of judges lie apart, before anything is known of them (standard deviation). */
const severitySpread = 0.06;
/** How much more a judge gives to models of its own provider, likewise. */
const kinSpread = 0.06;
/** The effects that these count for: then the spread of those that were found counts. */
const priorEffects = 2;
const rounds = 4;
/** How much single (judge, model, task type)s deviate besides. */
const interaction = 0.008;

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
 * Weighted least squares of `mean = cell + judge + kin`, every cell free, the effects shrunk towards 0 by
 * what is usual; centred so that over all judgements of a group they sum to 0. Where no two judges judged
 * the same (model, task type) every effect is exactly 0.
 */
export function severitiesOf(table: JudgementTable): Severities {
  const { judges } = table;
  const size = 2 * judges.length;
  const cells = byCell(table);
  const groups = groupsOf(judges.length, cells);
  const equations = { precision: zeroMatrix(size), target: Array.from({ length: size }, () => 0) };
  for (const cell of cells) if (cell.length > 1) addCell(table, cell, equations);
  const { effects, covariance } = solved(equations, judges.length);
  centre(table, effects, groups);
  return { effects, covariance, groups };
}

type Equations = { precision: Matrix; target: number[] };

/** With spreads that fit what is found: judges that are alike are shrunk together. */
function solved({ precision, target }: Equations, judges: number) {
  const known = precision.map((row, index) => (row[index] ?? 0) > 0);
  let spreads = { own: severitySpread ** 2, kin: kinSpread ** 2 };
  let effects = target;
  let covariance = precision;
  for (let round = 0; round < rounds; round += 1) {
    const { own, kin } = spreads;
    const ridged = precision.map((row) => [...row]);
    for (let index = 0; index < target.length; index += 1) {
      add(ridged, index, index, 1 / (index < judges ? own : kin));
    }
    covariance = inverseOf(ridged);
    effects = productOf(covariance, target);
    const squares = effects.map((effect, index) => effect ** 2 + (covariance[index]?.[index] ?? 0));
    const fitted = (from: number, usual: number): number => {
      const found = squares.slice(from, from + judges).filter((_, index) => known[from + index]);
      const sum = found.reduce((total, square) => total + square, priorEffects * usual ** 2);
      return sum / (found.length + priorEffects);
    };
    spreads = { own: fitted(0, severitySpread), kin: fitted(judges, kinSpread) };
  }
  return { effects, covariance };
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
  { precision, target }: Equations,
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
