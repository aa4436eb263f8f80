import type { PaletteTarget } from '../keys/palette.ts';
import {
  activeList,
  cellWith,
  idsOf,
  selectedId,
  selectedIndex,
  visibleGroups,
} from '../state/lists.ts';
import { openRunView, topView, type AppState, type View, type Tab } from '../state/state.ts';
import type { Effect, Update } from './action.ts';

export const just = (state: AppState, ...effects: Effect[]): Update => ({ state, effects });

export function toTab(state: AppState, tab: Tab): Update {
  const next = withoutModel(withoutRun({ ...state, tab, viewStack: [] }, state));
  return tab === state.tab ? just(next) : just(next, { type: 'save-preferences' });
}

/** Opens what was asked for by its name, above the tab that it belongs to. */
export function goTo(state: AppState, target: Exclude<PaletteTarget, { type: 'command' }>): Update {
  const { state: unfiltered } = toTab({ ...state, filter: '' }, state.tab);
  switch (target.type) {
    case 'model': {
      return openModel(unfiltered, target.model);
    }
    case 'run': {
      const { state: onTab, effects } = toTab(unfiltered, 'live');
      return just(openRun(onTab, target.projectId), ...effects);
    }
    case 'recommendation': {
      const { state: onTab, effects } = toTab(unfiltered, 'recommendations');
      return just(push(onTab, { kind: 'evidence', recommendation: target.id }), ...effects);
    }
    case 'task-type': {
      const { state: onTab, effects } = toTab(unfiltered, 'by-task');
      const index = visibleGroups(onTab)
        .flatMap(({ cells }) => cells)
        .findIndex(({ taskType }) => taskType === target.taskType);
      return just(moved(onTab, index - selectedIndex(onTab, 'cells')), ...effects);
    }
  }
}

/** Takes away what only an open model needs. */
export function withoutModel(state: AppState): AppState {
  const { openModel: _, selections, ...rest } = state;
  const { events: __, ...others } = selections;
  return { ...rest, selections: others };
}

/** Takes away what only an open run needs, and brings back the filter from above it. */
export function withoutRun(state: AppState, before: AppState): AppState {
  const view = openRunView(before);
  if (view === undefined) return state;
  const { openRun: _, selections, ...rest } = state;
  const { tasks: __, ...others } = selections;
  return { ...rest, selections: others, filter: view.filterAbove };
}

export function moved(state: AppState, by: number): AppState {
  const list = activeList(state);
  if (list === undefined) return state;
  const ids = idsOf(state, list);
  const index = Math.max(0, Math.min(ids.length - 1, selectedIndex(state, list, ids) + by));
  const id = ids[index];
  if (id === undefined) return state;
  return { ...state, selections: { ...state.selections, [list]: { id, index } } };
}

export function open(state: AppState): Update {
  const list = activeList(state);
  const id = list === undefined ? undefined : selectedId(state, list);
  if (list === undefined || id === undefined) return just(state);
  switch (list) {
    case 'events': {
      return just(push(state, { kind: 'event', eventId: Number(id) }));
    }
    case 'recommendations': {
      return just(push(state, { kind: 'evidence', recommendation: id }));
    }
    case 'rankings':
    case 'cost': {
      return openModel(state, id);
    }
    case 'leaders': {
      const model = state.insight?.leaders[id]?.model;
      return model === undefined ? just(state) : openModel(state, model);
    }
    case 'cells': {
      const cell = cellWith(state, id);
      return cell === undefined ? just(state) : openModel(state, cell.model);
    }
    case 'runs': {
      return just(openRun(state, id));
    }
    case 'tasks': {
      if (topView(state)?.kind === 'task') return just(state);
      // It stays on the task that was opened.
      return just(push(moved(state, 0), { kind: 'task' }));
    }
  }
}

function push(state: AppState, view: View): AppState {
  return { ...state, viewStack: [...state.viewStack, view] };
}

function openModel(state: AppState, model: string): Update {
  return just(push(withoutModel(state), { kind: 'model', model, series: 'quality' }), {
    type: 'read-model',
    model,
  });
}

function openRun(state: AppState, projectId: string): AppState {
  const run = state.runs.find((candidate) => candidate.projectId === projectId);
  if (run === undefined) return state;
  const view: View = { kind: 'run', projectId, filterAbove: state.filter };
  return { ...push(state, view), openRun: run, filter: '' };
}
