import {
  activeList,
  adviceOf,
  idsOf,
  openEvent,
  selectedTask,
  selectedTaskReport,
  visibleWhy,
} from '../state/lists.ts';
import { settlingOf } from '../state/settling.ts';
import { openTexts } from '../state/task-texts.ts';
import { markedIn, topView, type AppState } from '../state/state.ts';
import { sortColumnsOf } from '../tables/table.ts';

/** Where keys work: what each binding asks of the state. */

export const view = (state: AppState) => topView(state)?.kind;
export const isInTexts = (state: AppState) => view(state) === 'texts';
export const hasList = (state: AppState) => activeList(state) !== undefined;
export const canMove = (state: AppState) =>
  hasList(state) || isInTexts(state) || state.scroll !== undefined;

/** What single steps do here: nothing where there is one row, or all of a text is seen. */
export const moveHint = (state: AppState) => {
  const texts = openTexts(state);
  if (texts !== undefined) return texts.rows.length > texts.height ? 'scroll' : undefined;
  if (!hasList(state)) return 'scroll';
  // On a task ← and → do the same, and say where they lead.
  return rowsOf(state) > 1 && view(state) !== 'task' ? 'select' : undefined;
};

const rowsOf = (state: AppState): number => {
  const list = activeList(state);
  return list === undefined ? 0 : idsOf(state, list).length;
};

/** Whether the list here has anything to sort or to filter. */
export const hasRows = (state: AppState) => rowsOf(state) > 0;
/** Whether the window has any numbers. */
export const hasData = (state: AppState) => (state.insight?.rankings.length ?? 0) > 0;

/** Whether what is selected, or shown, leads anywhere. */
const leadsOn = (state: AppState): boolean => {
  const top = topView(state);
  if (top?.kind === 'evidence') return (adviceOf(state, top.recommendation)?.taskType ?? '') !== '';
  if (top?.kind === 'event') return openEvent(state) !== undefined;
  if (activeList(state) === 'spend' && !['model', 'run'].includes(state.spendBy)) return false;
  return rowsOf(state) > 0;
};

/** What is seen after Enter; on a task nothing of it tells that there is what was written. */
export const openHint = (state: AppState) => {
  if (!leadsOn(state)) return undefined;
  return view(state) === 'task' ? 'answers' : 'open';
};

export const isOnTask = (state: AppState) => view(state) === 'task' || isInTexts(state);
/** Whether there is a result file of the task. */
export const hasFile = (state: AppState) =>
  isOnTask(state) && (selectedTaskReport(state)?.file ?? null) !== null;
export const canSort = (state: AppState) => {
  const list = view(state) === 'task' ? undefined : activeList(state);
  return list !== undefined && sortColumnsOf(list).length > 0;
};
export const isOnTab = (state: AppState) => state.viewStack.length === 0;
export const canChooseColumns = (state: AppState) =>
  isOnTab(state) && state.tab === 'overview' && (state.insight?.rankings.length ?? 0) > 0;
export const canAskWhatIf = (state: AppState) =>
  view(state) === 'model' || view(state) === 'route' || (isOnTab(state) && state.tab === 'routes');
/** Whether anything here could be selected to copy it. */
export const canCopy = (state: AppState) =>
  isOnTab(state) ? hasRows(state) : view(state) !== 'learning';
export const canOpen = (state: AppState) =>
  isOnTab(state) ||
  ['model', 'event', 'evidence', 'route', 'run', 'task', 'compare', 'judges'].includes(
    view(state) ?? '',
  );
const isInRun = (state: AppState) => view(state) === 'run' || view(state) === 'task';
export const canGoSideways = (state: AppState) =>
  activeList(state) === 'events' ||
  view(state) === 'compare' ||
  view(state) === 'route' ||
  isInRun(state) ||
  (isOnTab(state) && (state.tab === 'overview' || state.tab === 'cost'));
export const sidewaysHint = (state: AppState) => {
  if (isOnTab(state) && !hasData(state)) return undefined;
  if (isOnTab(state)) return state.tab === 'cost' ? 'by what' : 'pane';
  if (view(state) === 'model') return 'series';
  if (view(state) === 'compare') return 'side';
  if (view(state) === 'route') return 'models, tasks';
  // In a run ↑ and ↓ do the same.
  return view(state) === 'task' && rowsOf(state) > 1 ? 'task' : undefined;
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

/** Whether a model or a route is selected, or open, of which routing says why it is as it is; or a task with a model. */
export const canReadWhy = (state: AppState) => {
  if (view(state) === 'model') return visibleWhy(state).length > 0;
  if (isInRun(state)) return selectedTask(state)?.author !== undefined;
  return whyLists.has(activeList(state) ?? '') && hasRows(state);
};

const whyLists: ReadonlySet<string> = new Set([
  'rankings',
  'cost',
  'candidates',
  'leaders',
  'routes',
]);

export const whyHint = (state: AppState) => {
  if (view(state) === 'model') return 'why';
  return isInRun(state) ? 'model' : undefined;
};

/** Lists of which what came to nothing can be shown alone. */
export const canShowFailed = (state: AppState) =>
  view(state) === 'run' || (isOnTab(state) && state.tab === 'runs');
