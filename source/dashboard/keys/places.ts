import { activeList } from '../state/active-list.ts';
import { visibleWhy } from '../state/lists.ts';
import { settlingOf } from '../state/settling.ts';
import { markedIn, topView, type AppState } from '../state/state.ts';
import { sortColumnsOf } from '../tables/sorting.ts';

/** Where keys work: what each binding asks of the state. */

export const view = (state: AppState) => topView(state)?.kind;
export const isInTexts = (state: AppState) => view(state) === 'texts';
export const hasList = (state: AppState) => activeList(state) !== undefined;
export const canMove = (state: AppState) => hasList(state) || isInTexts(state);
export const isOnTask = (state: AppState) => view(state) === 'task' || isInTexts(state);
export const canSort = (state: AppState) => {
  const list = view(state) === 'task' ? undefined : activeList(state);
  return list !== undefined && sortColumnsOf(list).length > 0;
};
export const isOnTab = (state: AppState) => state.viewStack.length === 0;
export const canChooseColumns = (state: AppState) =>
  isOnTab(state) && state.tab === 'overview' && (state.insight?.rankings.length ?? 0) > 0;
export const canAskWhatIf = (state: AppState) =>
  view(state) === 'model' || view(state) === 'route' || (isOnTab(state) && state.tab === 'routes');
export const canOpen = (state: AppState) =>
  isOnTab(state) ||
  ['model', 'event', 'evidence', 'route', 'run', 'task', 'compare', 'judges'].includes(
    view(state) ?? '',
  );
export const isInRun = (state: AppState) => view(state) === 'run' || view(state) === 'task';
export const canGoSideways = (state: AppState) =>
  activeList(state) === 'events' ||
  view(state) === 'compare' ||
  view(state) === 'route' ||
  isInRun(state) ||
  (isOnTab(state) && (state.tab === 'overview' || state.tab === 'cost'));
export const sidewaysHint = (state: AppState) => {
  if (isOnTab(state)) return state.tab === 'cost' ? 'by what' : 'pane';
  if (view(state) === 'model') return 'series';
  if (view(state) === 'compare') return 'side';
  if (view(state) === 'route') return 'models, tasks';
  // In a run ↑ and ↓ do the same.
  return view(state) === 'task' ? 'task' : undefined;
};

export const canMark = (state: AppState) => {
  const list = activeList(state);
  if (list === undefined || markedIn[list] === undefined) return false;
  const count =
    markedIn[list] === 'runs'
      ? state.runs.length + state.pastRuns.length
      : (state.insight?.rankings.length ?? 0);
  return count > 1;
};

/** Whether a comparison would settle the advice whose evidence is shown. */
export const canSettle = (state: AppState) => settlingOf(state) !== undefined;

/** Whether it can be read why the open model is routed as it is. */
export const canReadWhy = (state: AppState) =>
  view(state) === 'model' && visibleWhy(state).length > 0;

/** Lists of which what came to nothing can be shown alone. */
export const canShowFailed = (state: AppState) =>
  view(state) === 'run' || (isOnTab(state) && state.tab === 'runs');
