import type { CellStats, ModelRanking, Recommendation } from '../../domain/insight.ts';
import { digestOf, type TaskReport } from '../../domain/run-report.ts';
import { isLive, type TaskState } from '../../domain/run-state.ts';
import { highestFirst } from '../../domain/ordering.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { cleanText } from '../text/clean.ts';
import { folded } from '../text/fuzzy.ts';
import type { ByTaskFacts, JudgedCell } from '../tables/by-task.ts';
import type { RunRow } from '../tables/runs.ts';
import { sortOf, sortRows } from '../tables/sorting.ts';
import { openRunView, topView, type AppState, type View, type ListName } from './state.ts';
import { taskAtWork } from '../../domain/task-standing.ts';

/** What each list shows now: filtered and sorted. Views draw these, keys move through them. */

export function visibleRankings(state: AppState, list: 'rankings' | 'cost'): ModelRanking[] {
  const rows = (state.insight?.rankings ?? []).filter(({ model }) => matches(state, model));
  return sortRows(list, rows, sortOf(list, state.sorts));
}

/** Task types with their models ranked, both filtered: a type that matches shows all its models. */
export function visibleGroups(state: AppState): { taskType: string; cells: CellStats[] }[] {
  const groups = new Map<string, CellStats[]>();
  for (const cell of state.insight?.cells ?? []) {
    const isShown =
      matches(state, cell.model) || matches(state, cell.taskType, taskTypeLabel(cell.taskType));
    if (!isShown) continue;
    const group = groups.get(cell.taskType);
    if (group === undefined) groups.set(cell.taskType, [cell]);
    else group.push(cell);
  }
  const sort = sortOf('cells', state.sorts);
  return [...groups].map(([taskType, cells]) => ({
    taskType,
    cells: sortRows('cells', cells, sort),
  }));
}

export function visibleLeaders(state: AppState): CellStats[] {
  return Object.values(state.insight?.leaders ?? {})
    .filter(({ model, taskType }) => matches(state, model, taskType, taskTypeLabel(taskType)))
    .toSorted((a, b) => (taskTypeLabel(a.taskType) < taskTypeLabel(b.taskType) ? -1 : 1));
}

const isJudged = (cell: CellStats): cell is JudgedCell => cell.qualityScore !== null;

/** The best and the next best of a task type by quality, whatever the sort. */
export function contenders(cells: readonly CellStats[]): {
  leader: JudgedCell | undefined;
  challenger: JudgedCell | undefined;
} {
  const [leader, challenger] = cells
    .filter(isJudged)
    .toSorted(
      (a, b) => b.qualityScore - a.qualityScore || highestFirst(a.valueScore, b.valueScore),
    );
  return { leader, challenger };
}

/** What the table by task type knows besides its rows. */
export function byTaskFacts({ insight, days }: AppState): ByTaskFacts {
  const groups = Map.groupBy(insight?.cells ?? [], ({ taskType }) => taskType);
  const leaderOf = (taskType: string) => contenders(groups.get(taskType) ?? []).leader;
  const known = new Map([...groups.keys()].map((taskType) => [taskType, leaderOf(taskType)]));
  return { days, leaderOf: (taskType) => known.get(taskType) };
}

export function visibleRecommendations(state: AppState): Recommendation[] {
  return (state.insight?.recommendations ?? []).filter((recommendation) =>
    matches(state, recommendation.message, recommendation.kind, recommendation.taskType),
  );
}

/** Runs in progress as they are now, and those that are over, in one list. */
export function visibleRuns(state: AppState): RunRow[] {
  // The filter of an open run is for its tasks.
  const filter = openRunView(state)?.filterAbove ?? state.filter;
  const rows = rowsOf(state).filter(({ projectId, project, status, models }) =>
    contains(filter, projectId, project, status, ...models),
  );
  return sortRows('runs', rows, sortOf('runs', state.sorts));
}

function rowsOf({ runs, pastRuns, now }: AppState): RunRow[] {
  const live = runs.map((run): RunRow => ({
    ...digestOf(run),
    projectId: run.projectId,
    status: run.finished?.status ?? (isLive(run, now) ? 'running' : 'interrupted'),
    live: run,
  }));
  const known = new Set(live.map(({ projectId }) => projectId));
  return [...live, ...pastRuns.filter(({ projectId }) => !known.has(projectId))];
}

/** The tasks of the open run in the order of its plan. */
export function visibleTasks(state: AppState): TaskState[] {
  const tasks = [...(state.openRun?.tasks.values() ?? [])];
  return state.filter === '' ? tasks : tasks.filter((task) => matches(state, ...wordsOf(task)));
}

const wordsOf = ({ id, type, author, model, status }: TaskState): string[] => [
  id,
  type,
  taskTypeLabel(type),
  author ?? '',
  model ?? '',
  status,
];

export const cellId = ({ taskType, model }: { taskType: string; model: string }): string =>
  JSON.stringify([taskType, model]);

/** The cell that an id of `cellId` names, while there is one. */
export const cellWith = ({ insight }: AppState, id: string): CellStats | undefined =>
  insight?.cells.find((cell) => cellId(cell) === id);

/** The same advice keeps its identity while its numbers move. */
export const recommendationId = ({ kind, taskType, model, alternative }: Recommendation): string =>
  // There is one that asks for data, whichever model it names first.
  JSON.stringify(kind === 'needs-data' ? [kind] : [kind, taskType, model, alternative]);

/** The ids of a list's rows in order. */
export function idsOf(state: AppState, list: ListName): string[] {
  switch (list) {
    case 'rankings':
    case 'cost': {
      return visibleRankings(state, list).map(({ model }) => model);
    }
    case 'leaders': {
      return visibleLeaders(state).map(({ taskType }) => taskType);
    }
    case 'recommendations': {
      return visibleRecommendations(state).map(recommendationId);
    }
    case 'cells': {
      return visibleGroups(state).flatMap(({ cells }) => cells.map(cellId));
    }
    case 'runs': {
      return visibleRuns(state).map(({ projectId }) => projectId);
    }
    case 'events': {
      return (state.openModel?.detail.lastEvents ?? []).map(({ id }) => String(id));
    }
    case 'tasks': {
      return visibleTasks(state).map(({ id }) => id);
    }
  }
}

const listsOfViews: Record<View['kind'], ListName | undefined> = {
  model: 'events',
  run: 'tasks',
  task: 'tasks',
  texts: undefined,
  event: undefined,
  evidence: undefined,
  learning: undefined,
};

/** The list that keys move in; nothing where there is none. */
export function activeList(state: AppState): ListName | undefined {
  const view = topView(state);
  if (view !== undefined) return listsOfViews[view.kind];
  switch (state.tab) {
    case 'overview': {
      return state.pane;
    }
    case 'by-task': {
      return 'cells';
    }
    case 'cost': {
      return 'cost';
    }
    case 'recommendations': {
      return 'recommendations';
    }
    case 'runs': {
      return 'runs';
    }
  }
}

/** Which row is selected: the item itself wherever it is now, or else the place it had. */
export function selectedIndex(
  state: AppState,
  list: ListName,
  ids: readonly string[] = idsOf(state, list),
): number {
  const selection = state.selections[list];
  if (selection === undefined) return list === 'tasks' ? indexAtWork(state, ids) : 0;
  const index = ids.indexOf(selection.id);
  return index === -1 ? Math.max(0, Math.min(selection.index, ids.length - 1)) : index;
}

/** Until a key moves it, the selection of a run's tasks goes where the work is. */
function indexAtWork(state: AppState, ids: readonly string[]): number {
  const id = taskAtWork(visibleTasks(state))?.id;
  return id === undefined ? 0 : Math.max(0, ids.indexOf(id));
}

/** The task that is selected in the open run. */
export function selectedTask(state: AppState): TaskState | undefined {
  const id = selectedId(state, 'tasks');
  return id === undefined ? undefined : state.openRun?.tasks.get(id);
}

/** What was written for that task, once it was read. */
export function selectedTaskReport(state: AppState): TaskReport | undefined {
  const id = selectedId(state, 'tasks');
  return state.openReport?.tasks.find(({ taskId }) => taskId === id);
}

export function selectedId(state: AppState, list: ListName): string | undefined {
  const ids = idsOf(state, list);
  return ids[selectedIndex(state, list, ids)];
}

function matches(state: AppState, ...texts: readonly string[]): boolean {
  return contains(state.filter, ...texts);
}

function contains(filter: string, ...texts: readonly string[]): boolean {
  const wanted = folded(cleanText(filter));
  return wanted === '' || texts.some((text) => folded(cleanText(text)).includes(wanted));
}
