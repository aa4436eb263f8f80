import type { CellStanding, ModelRanking } from '../../domain/insight.ts';
import type { ListName, Sort } from './state.ts';

/** A row that lists of models sort. */
type SortableRow = (ModelRanking | CellStanding) & { taskCount: number };

/** Of a row without that number. */
const lowest = Number.NEGATIVE_INFINITY;

type SortColumn = { name: string; key: (row: SortableRow) => number | string };

const value: SortColumn = { name: 'value', key: (row) => row.valueScore ?? lowest };
const quality: SortColumn = { name: 'quality', key: (row) => row.qualityScore ?? lowest };
const cost: SortColumn = { name: 'cost', key: (row) => row.averageCostUsd };
const calls: SortColumn = { name: 'calls', key: (row) => row.callCount };
const trend: SortColumn = {
  name: 'trend',
  key: (row) => row.trendPercent ?? lowest,
};
const success: SortColumn = { name: 'success', key: (row) => row.successRate };
const latency: SortColumn = { name: 'latency', key: (row) => row.latencyP95Ms };
const failures: SortColumn = { name: 'failures', key: (row) => row.failureCount };
const tasks: SortColumn = { name: 'tasks', key: (row) => row.taskCount };
const model: SortColumn = { name: 'model', key: (row) => row.model };

/** The columns that `s` goes through, the default first. */
const columnsOf: Partial<Record<ListName, readonly SortColumn[]>> = {
  rankings: [value, quality, cost, calls, trend, success, latency, failures, tasks, model],
  cost: [value, cost, quality, model],
  cells: [quality, value, cost, calls, model],
};

const defaultSort = (column: SortColumn): Sort => ({
  column: column.name,
  descending: ![model, cost, latency].includes(column),
});

/** How a list is sorted: as chosen, or by its first column; nothing for a list with its own order. */
export function sortOf(list: ListName, sorts: Partial<Record<ListName, Sort>>): Sort | undefined {
  const columns = columnsOf[list];
  if (columns?.[0] === undefined) return undefined;
  const chosen = sorts[list];
  const isKnown = columns.some(({ name }) => name === chosen?.column);
  return isKnown ? chosen : defaultSort(columns[0]);
}

/**
 * The sort after the one in force: the next column in its natural direction. Of the rankings only
 * those that are shown come in turn.
 */
export function nextSort(
  list: ListName,
  current: Sort | undefined,
  shown: readonly string[],
): Sort | undefined {
  const columns = (columnsOf[list] ?? []).filter(
    (column) =>
      list !== 'rankings' ||
      column === model ||
      column.name === current?.column ||
      shown.includes(column.name),
  );
  const index = columns.findIndex(({ name }) => name === current?.column);
  const next = columns[(index + 1) % Math.max(1, columns.length)];
  return next === undefined ? undefined : defaultSort(next);
}

/**
 * Rows in the order of a sort; ties by name. COLD models come after the others, except by name or
 * calls: their numbers do not bear a comparison. Within a task type they keep their place, for the
 * leader may be one of them.
 */
export function sortRows<Row extends SortableRow>(
  list: ListName,
  rows: readonly Row[],
  sort: Sort | undefined,
): Row[] {
  const column = columnsOf[list]?.find(({ name }) => name === sort?.column);
  if (column === undefined || sort === undefined) return [...rows];
  const coldLast = list !== 'cells' && column !== model && column !== calls;
  return rows.toSorted((a, b) => {
    if (coldLast && (a.confidence === 'COLD') !== (b.confidence === 'COLD')) {
      return a.confidence === 'COLD' ? 1 : -1;
    }
    const difference = compare(column.key(a), column.key(b));
    return (sort.descending ? -difference : difference) || compare(a.model, b.model);
  });
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
