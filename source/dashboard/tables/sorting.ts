import type { ModelRanking } from '../../domain/insight.ts';
import { candidates, type CandidateRow } from './candidates.ts';
import { columnsWith, type Column, type Columns } from './column.ts';
import { costColumns } from './cost.ts';
import { rankings } from './rankings.ts';
import { routes, type RouteRow } from './routes.ts';
import { runs, type RunRow } from './runs.ts';

export type Sort = { column: string; descending: boolean };

type Row = ModelRanking | RouteRow | CandidateRow | RunRow;
type SortColumn = { name: string } & NonNullable<Column<Row>['sort']>;

const sortColumns = (columns: Columns<never, never>): SortColumn[] =>
  columnsWith(columns, 'sort').map(({ name, form }) => ({ name, ...form }));

/** The columns that `s` goes through in each list, the default first. */
const columnsOf: Partial<Record<string, readonly SortColumn[]>> = {
  rankings: sortColumns(rankings),
  cost: sortColumns(costColumns),
  routes: sortColumns(routes),
  candidates: sortColumns(candidates),
  runs: sortColumns(runs),
};

const naturalSort = ({ name, ascending }: SortColumn): Sort => ({
  column: name,
  descending: ascending !== true,
});

/** How a list is sorted: as chosen, or by its first column; nothing for a list with its own order. */
export function sortOf(list: string, sorts: Partial<Record<string, Sort>>): Sort | undefined {
  const columns = columnsOf[list];
  if (columns?.[0] === undefined) return undefined;
  const chosen = sorts[list];
  const isKnown = columns.some(({ name }) => name === chosen?.column);
  return isKnown ? chosen : naturalSort(columns[0]);
}

/**
 * The sort after the one in force: the next column in its natural direction. Of the rankings only
 * those that are shown come in turn.
 */
export function nextSort(
  list: string,
  current: Sort | undefined,
  shown: readonly string[],
): Sort | undefined {
  const columns = (columnsOf[list] ?? []).filter(
    ({ name }) =>
      list !== 'rankings' || name === 'model' || name === current?.column || shown.includes(name),
  );
  const index = columns.findIndex(({ name }) => name === current?.column);
  const next = columns[(index + 1) % Math.max(1, columns.length)];
  return next === undefined ? undefined : naturalSort(next);
}

/**
 * Rows in the order of a sort; ties by name. Of the rankings, COLD models come after the others, except by name
 * or calls: their numbers do not bear a comparison.
 */
export function sortRows<Sorted extends Row>(
  list: string,
  rows: readonly Sorted[],
  sort: Sort | undefined,
): Sorted[] {
  const column = columnsOf[list]?.find(({ name }) => name === sort?.column);
  if (column === undefined || sort === undefined) return [...rows];
  const coldLast = column.anyConfidence !== true;
  const isCold = (row: Row): boolean => 'confidence' in row && row.confidence === 'COLD';
  return rows.toSorted((a, b) => {
    if (coldLast && isCold(a) !== isCold(b)) return isCold(a) ? 1 : -1;
    const difference = compare(column.key(a), column.key(b));
    return (sort.descending ? -difference : difference) || compare(nameOf(a), nameOf(b));
  });
}

const nameOf = (row: Row): string =>
  'projectId' in row ? row.projectId : 'spentUsd' in row ? row.taskType : row.model;

/** What has no number is lowest. */
function compare(a: number | string | null, b: number | string | null): number {
  if (a === b) return 0;
  return a === null || (b !== null && a < b) ? -1 : 1;
}
