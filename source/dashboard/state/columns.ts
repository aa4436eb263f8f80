/** The columns of the rankings besides the model, from left to right. Sorts know them by the same names. */
export const rankingColumns = [
  'spark',
  'value',
  'trend',
  'confidence',
  'calls',
  'live',
  'tasks',
  'cost',
  'success',
  'latency',
  'failures',
  'quality',
  'interval',
] as const;
export type RankingColumn = (typeof rankingColumns)[number];

/** What is shown until something else is chosen, where there is room. */
export const defaultColumns: readonly RankingColumn[] = rankingColumns.filter(
  (name) => !['tasks', 'success', 'latency', 'failures'].includes(name),
);

/** Numbers that stand for themselves and for every model: one of them always stays. */
const numeric: ReadonlySet<RankingColumn> = new Set<RankingColumn>([
  'value',
  'calls',
  'tasks',
  'cost',
  'success',
  'latency',
  'failures',
  'quality',
]);

/** Whether a choice of columns still says something of each model. */
export const hasNumbers = (columns: readonly RankingColumn[]): boolean =>
  columns.some((name) => numeric.has(name));

/** The choice with one column shown or hidden, in the order of the table. */
export const toggled = (
  columns: readonly RankingColumn[],
  toggledName: RankingColumn,
): RankingColumn[] =>
  rankingColumns.filter((name) => columns.includes(name) !== (name === toggledName));

/** A choice made out of anything that was remembered; nothing where it is none. */
export function columnsIn(value: unknown): RankingColumn[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const columns = rankingColumns.filter((name) => value.includes(name));
  return hasNumbers(columns) ? columns : undefined;
}
