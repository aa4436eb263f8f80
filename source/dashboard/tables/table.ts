import { moneyDecimals } from '../format/money.ts';
import { headLine, placeColumns, rowLine, type Merged } from '../layout/table.ts';
import { pad, widthOf } from '../text/index.ts';
import { gap, plain, styled, type Line, type RenderStyle, type TextSpan } from '../theme/index.ts';
import { type Columns, columnsWith, type Column, type SortLetter } from './column.ts';
import type { CellStats, EventRow, ModelRanking, Recommendation } from '../../domain/insight.ts';
import type { TaskState } from '../../domain/run-state.ts';
import { leadersAndRoutes } from './by-task.ts';
import { candidates, type CandidateRow } from './candidates.ts';
import { costColumns } from './cost.ts';
import { events, routeTasks } from './events.ts';
import { judges, type JudgeRow } from './judges.ts';
import { rankings } from './rankings.ts';
import { recommendations } from './recommendations.ts';
import { routes, type RouteRow } from './routes.ts';
import { runTasks } from './run-tasks.ts';
import { runs, type RunRow } from './runs.ts';
import { spendColumns } from './spend.ts';
import type { SpendRow } from './spend-rows.ts';

export type Sort = { column: string; descending: boolean };

type Row =
  | ModelRanking
  | RouteRow
  | CandidateRow
  | RunRow
  | TaskState
  | EventRow
  | SpendRow
  | JudgeRow
  | CellStats
  | Recommendation;
/** `title`: what the column is called where there is no table above it. */
export type SortColumn = { name: string; title: string } & NonNullable<Column<Row>['sort']>;

const sortColumns = (columns: Columns<never, never>): SortColumn[] =>
  columnsWith(columns, 'sort').map(({ name, form, column: { title, choice } }) => ({
    name,
    title: choice?.title ?? (typeof title === 'string' ? title : name),
    ...form,
  }));

/** The columns that `s` goes through in each list, the default first. */
const columnsOf: Partial<Record<string, readonly SortColumn[]>> = {
  rankings: sortColumns(rankings),
  leaders: sortColumns(leadersAndRoutes),
  cost: sortColumns(costColumns),
  recommendations: sortColumns(recommendations),
  routes: sortColumns(routes),
  candidates: sortColumns(candidates),
  runs: sortColumns(runs),
  tasks: sortColumns(runTasks),
  'route-tasks': sortColumns(routeTasks),
  events: sortColumns(events),
  spend: sortColumns(spendColumns),
  judges: sortColumns(judges),
};

/** Lists that stand in an order of their own until one is asked for: tasks in that of the plan, money by how much it is, advice by its money. */
const ownOrder: ReadonlySet<string> = new Set(['tasks', 'spend', 'judges', 'recommendations']);

const naturalSort = ({ name, ascending }: SortColumn): Sort => ({
  column: name,
  descending: ascending !== true,
});

/** The columns that a list can be sorted by. */
export const sortColumnsOf = (list: string): readonly SortColumn[] => columnsOf[list] ?? [];

/** How a list is sorted: as chosen, or by its first column; nothing for a list in its own order. */
export function sortOf(list: string, sorts: Partial<Record<string, Sort>>): Sort | undefined {
  const columns = sortColumnsOf(list);
  const chosen = sorts[list];
  if (columns.some(({ name }) => name === chosen?.column)) return chosen;
  const [first] = columns;
  return first === undefined || ownOrder.has(list) ? undefined : naturalSort(first);
}

/**
 * The sort after the one in force: the next column in its natural direction. Of the rankings only
 * those that are shown come in turn; a list with an order of its own comes back to that: nothing.
 */
export function nextSort(
  list: string,
  current: Sort | undefined,
  shown: readonly string[],
): Sort | undefined {
  const columns = sortColumnsOf(list).filter(
    ({ name }) =>
      list !== 'rankings' || name === 'model' || name === current?.column || shown.includes(name),
  );
  const index = columns.findIndex(({ name }) => name === current?.column);
  const next = columns[index + 1] ?? (ownOrder.has(list) ? undefined : columns[0]);
  return next === undefined ? undefined : naturalSort(next);
}

/** The sort by the column of a letter: in its natural direction, and the other way round when it is in force. */
export function sortByLetter(
  list: string,
  current: Sort | undefined,
  letter: SortLetter,
): Sort | undefined {
  const column = sortColumnsOf(list).find((one) => one.letter === letter);
  if (column === undefined) return undefined;
  return current?.column === column.name
    ? { ...current, descending: !current.descending }
    : naturalSort(column);
}

/**
 * Rows in the order of a sort; what has no number is last either way, ties by name. Of the rankings, COLD models
 * come after the others, except by name or calls: their numbers do not bear a comparison.
 */
export function sortRows<Sorted extends Row>(
  list: string,
  rows: readonly Sorted[],
  sort: Sort | undefined,
): Sorted[] {
  const column = sortColumnsOf(list).find(({ name }) => name === sort?.column);
  if (column === undefined || sort === undefined) return [...rows];
  const coldLast = column.anyConfidence !== true;
  const isCold = (row: Row): boolean => 'confidence' in row && row.confidence === 'COLD';
  const keyed = rows.map((row) => ({ row, key: column.key(row) }));
  keyed.sort(({ row: a, key: one }, { row: b, key: other }) => {
    if (coldLast && isCold(a) !== isCold(b)) return isCold(a) ? 1 : -1;
    if (one === other) return compare(nameOf(a), nameOf(b));
    if (one === null || other === null) return one === null ? 1 : -1;
    return sort.descending ? -compare(one, other) : compare(one, other);
  });
  return keyed.map(({ row }) => row);
}

/** Tasks, events and models of a route that are alike keep the order that they came in. */
function nameOf(row: Row): string {
  if (!('projectId' in row) && !('callCount' in row) && !('spentUsd' in row)) return '';
  if ('attempts' in row || 'recordedAt' in row || 'by' in row || 'judge' in row || 'kind' in row)
    return '';
  if ('projectId' in row) return row.projectId;
  return 'spentUsd' in row ? row.taskType : row.model;
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Columns before a row: whether it is selected. */
export const pointerWidth = 2;

export const pointer = (isSelected: boolean, style: RenderStyle, isMarked = false): TextSpan =>
  isSelected || isMarked
    ? styled(
        `${isSelected ? style.glyphs.pointer : ' '}${isMarked ? '*' : ' '}`,
        'accent',
        isMarked,
      )
    : styled('  ');

/** A title with the letter that sorts by it as its capital; where it has no such letter, with that before it. */
export function lettered(title: string, letter: SortLetter): string {
  const at = title.toUpperCase().indexOf(letter);
  return at === -1 ? `${letter}:${title}` : title.slice(0, at) + letter + title.slice(at + 1);
}

/** Which way a list is sorted. */
export const sortArrow = ({ descending }: Sort, { glyphs }: RenderStyle): string =>
  descending ? glyphs.sortDescending : glyphs.sortAscending;

export type DrawnTable<Row> = {
  head: Line;
  line: (row: Row, is: { selected?: boolean; marked?: boolean }, merged?: Merged) => Line;
  /** The columns that there is room for. */
  placed: readonly string[];
};

/** A table in a pane of that inner width; the columns are as wide as `rows` need. */
export function drawTable<Row, Facts>(
  columns: Columns<Row, Facts>,
  table: {
    rows: readonly Row[];
    /** All rows of the list, where only some are given: digits do not change while it scrolls. */
    all?: readonly Row[];
    facts: Facts;
    style: RenderStyle;
    width: number;
    sort?: Sort | undefined;
    /** Whether keys sort it now, which its titles say then; absent: they never do. */
    hasKeys?: boolean;
  },
): DrawnTable<Row> {
  const { rows, all = rows, facts, style, width, sort, hasKeys } = table;
  const titleOf = (name: string): string => {
    const title = columns[name]?.title ?? '';
    const bare = plain(typeof title === 'string' ? title : title(facts), style);
    const letter = columns[name]?.sort?.letter;
    if (letter === undefined) return bare;
    const keyed = lettered(bare, letter);
    const arrow = sort?.column === name ? sortArrow(sort, style) : '';
    if (hasKeys === true) return keyed + arrow;
    // Titles stay where they are when the keys come and go.
    const room = hasKeys === undefined ? 0 : widthOf(keyed + arrow);
    return pad(bare + arrow, room, columns[name]?.align);
  };
  const placed = placeColumns(
    Object.entries(columns).flatMap(
      ([name, { cell, dollars, areDollarsFine = false, isOnlySorted, ...rules }]) => {
        const isSorted = sort?.column === name;
        if (cell === undefined || (isOnlySorted === true && !isSorted)) return [];
        const decimals =
          dollars === undefined
            ? 0
            : moneyDecimals(
                all.map((row) => dollars(row, facts)),
                { fine: areDollarsFine },
              );
        return [
          {
            ...rules,
            // What a list is sorted by goes last.
            ...(isSorted ? { isSpare: false, from: 0, ...(rules.drop && { drop: 0 }) } : {}),
            name,
            title: titleOf(name),
            cell: (row: Row, room: number) => cell(row, style, facts, room, decimals),
          },
        ];
      },
    ),
    rows,
    width - pointerWidth - 1,
  );
  return {
    head: [gap(pointerWidth), ...headLine(placed)],
    line: (row, { selected = false, marked = false }, merged) => [
      pointer(selected, style, marked),
      ...rowLine(placed, row, style, merged),
    ],
    placed: placed.map(({ name }) => name),
  };
}
