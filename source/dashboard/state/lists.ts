import type { CellStanding, ModelRanking, Recommendation } from '../../domain/insight.ts';
import type { RunState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { cleanText } from '../text/clean.ts';
import { sortOf, sortRows } from './sorting.ts';
import { topLevel, type AppState, type ListName } from './state.ts';

/** What each list shows now: filtered and sorted. Views draw these, keys move through them. */

export function visibleRankings(state: AppState, list: 'rankings' | 'cost'): ModelRanking[] {
  const rows = (state.insight?.rankings ?? []).filter(({ model }) => matches(state, model));
  return sortRows(list, rows, sortOf(list, state.sorts));
}

/** Task types with their models ranked, both filtered: a type that matches shows all its models. */
export function visibleGroups(state: AppState): { taskType: string; cells: CellStanding[] }[] {
  const groups = new Map<string, CellStanding[]>();
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

export function visibleLeaders(state: AppState): CellStanding[] {
  return Object.values(state.insight?.leaders ?? {})
    .filter(({ model, taskType }) => matches(state, model, taskType, taskTypeLabel(taskType)))
    .toSorted((a, b) => (taskTypeLabel(a.taskType) < taskTypeLabel(b.taskType) ? -1 : 1));
}

/** The best and the next best of a task type by quality, whatever the sort. */
export function contenders(cells: readonly CellStanding[]): {
  leader: CellStanding | undefined;
  challenger: CellStanding | undefined;
} {
  const [leader, challenger] = cells.toSorted(
    (a, b) => b.qualityScore - a.qualityScore || b.valueScore - a.valueScore,
  );
  return { leader, challenger };
}

export function visibleRecommendations(state: AppState): Recommendation[] {
  return (state.insight?.recommendations ?? []).filter((recommendation) =>
    matches(state, recommendation.message, recommendation.kind, recommendation.taskType),
  );
}

export function visibleRuns(state: AppState): RunState[] {
  return state.runs.filter(({ projectId, project }) => matches(state, projectId, project));
}

export const cellId = ({ taskType, model }: { taskType: string; model: string }): string =>
  JSON.stringify([taskType, model]);

/** The same advice keeps its identity while its numbers move. */
export const recommendationId = (recommendation: Recommendation): string =>
  JSON.stringify([
    recommendation.kind,
    recommendation.taskType,
    recommendation.model,
    recommendation.alternative,
  ]);

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
  }
}

/** The list that keys move in; nothing where there is none. */
export function activeList(state: AppState): ListName | undefined {
  const level = topLevel(state);
  if (level !== undefined) return level.kind === 'model' ? 'events' : undefined;
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
    case 'live': {
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
  if (selection === undefined) return 0;
  const index = ids.indexOf(selection.id);
  return index === -1 ? Math.max(0, Math.min(selection.index, ids.length - 1)) : index;
}

export function selectedId(state: AppState, list: ListName): string | undefined {
  const ids = idsOf(state, list);
  return ids[selectedIndex(state, list, ids)];
}

function matches(state: AppState, ...texts: readonly string[]): boolean {
  const filter = state.filter.toLowerCase();
  return filter === '' || texts.some((text) => cleanText(text).toLowerCase().includes(filter));
}
