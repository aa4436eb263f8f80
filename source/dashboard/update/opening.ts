import { defined } from '../../domain/defined.ts';
import { roomy } from '../layout/screen.ts';
import type { PaletteTarget } from '../keys/palette.ts';
import {
  activeList,
  adviceOf,
  idsOf,
  openEvent,
  selectedId,
  selectedIndex,
  selectedTask,
  selectedTaskReport,
} from '../state/lists.ts';
import { tasksOfRoute } from '../state/route-lists.ts';
import { openComparison } from '../state/comparison.ts';
import {
  openModelName,
  openRunView,
  openTaskType,
  topView,
  type AppState,
  type View,
  type Tab,
} from '../state/state.ts';
import type { Effect, Update } from './action.ts';

export const just = (state: AppState, ...effects: Effect[]): Update => ({ state, effects });

export function toTab(state: AppState, tab: Tab): Update {
  const next = withoutModel(withoutRun({ ...state, tab, viewStack: [] }, state));
  const effects: Effect[] = [];
  if (tab === 'runs') effects.push({ type: 'list-runs' });
  const showsRoutes = tab === 'overview' && state.size.columns >= roomy.columns;
  if (tab === 'routes' || showsRoutes) effects.push({ type: 'ask-routes' });
  return tab === state.tab
    ? just(next, ...effects)
    : just(next, { type: 'save-preferences' }, ...effects);
}

/** Opens what was asked for by its name, above the tab that it belongs to. */
export function goTo(state: AppState, target: Exclude<PaletteTarget, { type: 'command' }>): Update {
  const { state: unfiltered } = toTab({ ...state, filter: '' }, state.tab);
  switch (target.type) {
    case 'model': {
      return openModel(unfiltered, target.model);
    }
    case 'run': {
      const { state: onTab, effects } = toTab(unfiltered, 'runs');
      const { state: opened, effects: more } = openRun(onTab, target.projectId);
      return just(opened, ...effects, ...more);
    }
    case 'recommendation': {
      const { state: onTab, effects } = toTab(unfiltered, 'recommendations');
      return just(
        push(onTab, { kind: 'evidence', recommendation: target.id, days: state.days }),
        ...effects,
      );
    }
    case 'task-type': {
      const { state: onTab, effects } = toTab(unfiltered, 'routes');
      const { state: opened, effects: more } = openRoute(onTab, target.taskType);
      return just(opened, ...effects, ...more);
    }
  }
}

/** Takes away what only an open model needs. */
export function withoutModel(state: AppState): AppState {
  const { openModel: _, selections, ...rest } = state;
  const { events: __, why: ___, ...others } = selections;
  return { ...rest, selections: others };
}

/** Takes away what only an open run needs, and brings back the filter from above it. */
function withoutRun(state: AppState, before: AppState): AppState {
  const view = openRunView(before);
  if (view === undefined) return state;
  const { openRun: _, openReport: __, verdict: ___, selections: all, ...rest } = state;
  const { tasks: ____, ...others } = all;
  const selections = { ...others, ...defined({ tasks: view.tasksAbove }) };
  const { tasks: _____, ...onlyFailed } = state.onlyFailed;
  return { ...rest, selections, onlyFailed, filter: view.filterAbove };
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

/**
 * The cursor of a list as nobody had moved it: on the first row, whichever comes in on top. Of a run's tasks that
 * is where the work is, as long as all of them stand in the order of the plan.
 */
export function atFirst(state: AppState, list = activeList(state)): AppState {
  if (list === undefined) return state;
  const { [list]: _, ...selections } = state.selections;
  const isNarrowed =
    state.filter !== '' || state.onlyFailed.tasks === true || state.sorts.tasks !== undefined;
  const id = list === 'tasks' && isNarrowed ? idsOf(state, list)[0] : undefined;
  return {
    ...state,
    selections: id === undefined ? selections : { ...selections, [list]: { id, index: 0 } },
  };
}

/** What is selected, opened: the cursor stays on it from then on. */
export function open(before: AppState): Update {
  const state = moved(before, 0);
  const view = topView(state);
  if (view?.kind === 'evidence') {
    const { taskType = '' } = adviceOf(state, view.recommendation) ?? {};
    return taskType === '' ? just(state) : openRoute(state, taskType);
  }
  if (view?.kind === 'event') {
    const event = openEvent(state);
    return event === undefined ? just(state) : openRun(state, event.projectId, event.taskId);
  }
  const list = activeList(state);
  const id = list === undefined ? undefined : selectedId(state, list);
  if (list === undefined || id === undefined) return just(state);
  switch (list) {
    case 'route-tasks': {
      const task = tasksOfRoute(state)?.find((one) => String(one.id) === id);
      return task === undefined ? just(state) : openRun(state, task.projectId, task.taskId);
    }
    case 'why': {
      return openRoute(state, id);
    }
    case 'events': {
      return just(push(state, { kind: 'event', eventId: Number(id) }));
    }
    case 'recommendations': {
      return just(push(state, { kind: 'evidence', recommendation: id, days: state.days }));
    }
    case 'rankings':
    case 'cost': {
      return openModel(state, id);
    }
    case 'leaders':
    case 'routes': {
      return openRoute(state, id);
    }
    case 'spend': {
      if (state.spendBy === 'run') return openRun(state, id);
      return state.spendBy === 'model' ? openKnownModel(state, id) : just(state);
    }
    case 'judges': {
      return openKnownModel(state, id);
    }
    case 'candidates': {
      return openKnownModel(state, id);
    }
    case 'runs': {
      return openRun(state, id);
    }
    case 'comparison': {
      return openCompared(state, id);
    }
    case 'tasks': {
      return topView(state)?.kind === 'task' ? openTexts(state) : openTask(state);
    }
  }
}

/** What is asked for when a view is opened, or comes to the top again. */
function readingOf(view: View | undefined): Effect[] {
  if (view?.kind === 'model') return [{ type: 'read-model', model: view.model }];
  if (view?.kind === 'route') return [{ type: 'ask-routes' }, { type: 'read-tasks' }];
  return view?.kind === 'run' ? [{ type: 'read-run', projectId: view.projectId }] : [];
}

/** The view below the one on top, with what was left when that one was opened. */
export function closeView(state: AppState): Update {
  const top = topView(state);
  const above: AppState = { ...state, viewStack: state.viewStack.slice(0, -1) };
  if (top?.kind === 'route') {
    const { candidates: _, 'route-tasks': __, ...selections } = state.selections;
    const next = { ...above, selections, filter: top.filterAbove };
    return just(next, ...(openTaskType(next) === undefined ? [] : readingOf(topView(next))));
  }
  if (top?.kind === 'run') {
    const next = withoutRun(above, state);
    const view = openRunView(next);
    const run = next.runs.find(({ projectId }) => projectId === view?.projectId);
    return just({ ...next, ...defined({ openRun: run }) }, ...readingOf(view));
  }
  if (top?.kind === 'model') {
    const next = withoutModel(above);
    const model = openModelName(next);
    return just(next, ...(model === undefined ? [] : [{ type: 'read-model', model } as const]));
  }
  return just(above);
}

function push(state: AppState, view: View): AppState {
  return { ...state, viewStack: [...state.viewStack, view] };
}

/** One that did anything in the window. */
function openKnownModel(state: AppState, model: string): Update {
  const isKnown = state.insight?.rankings.some((one) => one.model === model) === true;
  if (isKnown) return openModel(state, model);
  return just({ ...state, message: `${model} did nothing in this window: ] takes a longer one.` });
}

/** The model that works on the selected task, or did. */
export function openModelOfTask(state: AppState): Update {
  const { author } = selectedTask(state) ?? {};
  return author === undefined ? just(state) : openKnownModel(state, author);
}

function openModel(state: AppState, model: string): Update {
  const view: View = { kind: 'model', model, series: 'quality', part: 'tasks' };
  return just(push(withoutModel(state), view), { type: 'read-model', model });
}

/** The models of a task type, without the filter above them. */
function openRoute(state: AppState, taskType: string): Update {
  const { candidates: _, 'route-tasks': __, ...selections } = state.selections;
  const view: View = { kind: 'route', taskType, filterAbove: state.filter, part: 'models' };
  const opened = { ...push(state, view), filter: '', selections };
  return just(opened, ...readingOf(view));
}

/** The run with this id, in progress or over, and then one of its tasks where that is asked for. */
export function openRun(state: AppState, projectId: string, taskId?: string): Update {
  const run = state.runs.find((candidate) => candidate.projectId === projectId);
  const { openRun: _, openReport: __, selections: all, ...rest } = state;
  const { tasks: tasksAbove, ...selections } = all;
  const view: View = {
    kind: 'run',
    projectId,
    filterAbove: state.filter,
    ...defined({ tasksAbove }),
  };
  const opened: AppState = {
    ...push({ ...rest, selections }, view),
    filter: '',
    ...(run && { openRun: run }),
  };
  const onTask: AppState =
    taskId === undefined
      ? opened
      : push(
          { ...opened, selections: { ...opened.selections, tasks: { id: taskId, index: 0 } } },
          { kind: 'task' },
        );
  return just(onTask, { type: 'read-run', projectId });
}

/** What a line of a comparison is about, on the side that is chosen. */
function openCompared(state: AppState, id: string): Update {
  const compared = openComparison(state);
  const row = compared?.rows.find((one) => one.id === id);
  if (compared === undefined || row === undefined) return just(state);
  const name = compared.names[compared.side];
  if (compared.what === 'runs') return openRun(state, name, row.taskId);
  return row.taskType === undefined ? openModel(state, name) : openRoute(state, row.taskType);
}

/** It stays on the task that was opened; where its result came after the journal was read, that is read anew. */
function openTask(state: AppState): Update {
  const isNews =
    selectedTask(state)?.finishedAt !== undefined &&
    (selectedTaskReport(state)?.file ?? null) === null;
  const opened = push(state, { kind: 'task' });
  return just(opened, ...(isNews ? readingOfTexts(state) : []));
}

/** What was written for the task. */
const openTexts = (state: AppState): Update =>
  just(
    push(state, { kind: 'texts', top: 0, search: '', isTyping: false }),
    ...readingOfTexts(state),
  );

/** What was written in a run in progress is read anew. */
function readingOfTexts(state: AppState): Effect[] {
  const projectId = openRunView(state)?.projectId;
  const isKnown = state.openReport !== undefined && state.openRun?.finished !== undefined;
  return projectId === undefined || isKnown ? [] : [{ type: 'read-run', projectId }];
}
