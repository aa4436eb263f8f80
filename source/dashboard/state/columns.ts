import { rankingColumns, type RankingColumn } from '../tables/rankings.ts';
import type { Choice } from '../tables/column.ts';

export type { RankingColumn } from '../tables/rankings.ts';

/** The columns of the rankings besides the model, from left to right. */
export const rankingNames: readonly RankingColumn[] = Object.keys(rankingColumns).filter(
  (name): name is RankingColumn => name in rankingColumns,
);

/** What a column is called and means where columns are chosen. */
export const choiceOf = (name: RankingColumn): Choice => rankingColumns[name].choice;

/** What is shown until something else is chosen, where there is room. */
export const defaultColumns: readonly RankingColumn[] = rankingNames.filter(
  (name) => choiceOf(name).isHiddenAtFirst !== true,
);

/** Whether a choice of columns still says something of each model. */
export const hasNumbers = (columns: readonly RankingColumn[]): boolean =>
  columns.some((name) => choiceOf(name).isNumber === true);

/** The choice with one column shown or hidden, in the order of the table. */
export const toggled = (
  columns: readonly RankingColumn[],
  toggledName: RankingColumn,
): RankingColumn[] =>
  rankingNames.filter((name) => columns.includes(name) !== (name === toggledName));

/** A choice made out of anything that was remembered; nothing where it is none. */
export function columnsIn(value: unknown): RankingColumn[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const columns = rankingNames.filter((name) => value.includes(name));
  return hasNumbers(columns) ? columns : undefined;
}
