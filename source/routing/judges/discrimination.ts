import { byCell, type Entry, type JudgementTable } from './judgements.ts';
import { effectOn, type Severities } from './severity.ts';

/** How a judge's scores follow what others find. */
export type Discrimination = {
  /** Points that it gives for a point of quality: 1 as the others do, 0 where it is uninformative. */
  slope: number;
  standardError: number;
};

/** Below this share of what is seen, differences between subjects are noise, and say nothing about a judge. */
const leastTrueShare = 0.4;
/** (Judge, model, task type)s that a slope needs. */
const leastCells = 5;

type Point = { x: number; y: number; weight: number; variance: number };

/** Of one judge; undefined where it shares too few answers with others. */
export function discriminationOf(
  judge: number,
  table: JudgementTable,
  severities: Severities,
): Discrimination | undefined {
  const points = byCell(table).flatMap((cell) => pointIn(cell, judge, table, severities) ?? []);
  if (points.length < leastCells) return undefined;
  const total = sumOf(points, ({ weight }) => weight);
  const x = sumOf(points, (point) => point.weight * point.x) / total;
  const y = sumOf(points, (point) => point.weight * point.y) / total;
  const spread = sumOf(points, (point) => point.weight * (point.x - x) ** 2);
  // What others find is not exact itself: that would flatten the slope.
  const truth = spread - sumOf(points, ({ weight, variance }) => weight * variance);
  if (spread <= 0 || truth < leastTrueShare * spread) return undefined;
  const slope = sumOf(points, (point) => point.weight * (point.x - x) * (point.y - y)) / truth;
  const noise = sumOf(
    points,
    (point) =>
      point.weight ** 2 * (point.x - x) ** 2 * (1 / point.weight + slope ** 2 * point.variance),
  );
  // Where the points lie further off the line than noise leads to, it is less sure than noise alone says.
  const misfit =
    sumOf(points, (point) => point.weight * (point.y - y - slope * (point.x - x)) ** 2) /
    Math.max(1, points.length - 2);
  return { slope, standardError: Math.sqrt(noise * Math.max(1, misfit)) / truth };
}

/** What a judge says of a cell (y) beside what others do (x). */
function pointIn(
  cell: readonly Entry[],
  judge: number,
  { variance }: JudgementTable,
  { effects }: Severities,
): Point | undefined {
  const own = cell.find((entry) => entry.judge === judge);
  const others = cell.filter((entry) => entry.judge !== judge);
  const n = sumOf(others, (entry) => entry.n);
  if (own === undefined || n === 0) return undefined;
  return {
    x: sumOf(others, (entry) => entry.n * (entry.mean - effectOn(entry, effects))) / n,
    y: own.mean - effectOn(own, effects),
    weight: 1 / (variance / own.n + beyondNoise),
    variance: variance / n + beyondNoise,
  };
}

/** Of means however many scores they are of, in squares. */
const beyondNoise = 0.02 ** 2;

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
