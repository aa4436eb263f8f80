import { defined } from '../../domain/defined.ts';
import type { CellStats, EventRow, ModelRanking, Recommendation } from '../../domain/insight.ts';
import { adviceBy, openFirst } from '../../domain/routes.ts';
import type { CandidateAssessment } from '../../domain/routing-decision.ts';
import { digestOf, type TaskReport } from '../../domain/run-report.ts';
import { isLive, type RunState, type TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import type { JudgeRow } from '../tables/judges.ts';
import type { RunRow } from '../tables/runs.ts';
import { sortOf, sortRows } from '../tables/table.ts';
import { perState } from './per-state.ts';
import { openComparison } from './comparison.ts';
import { matches } from './filter.ts';
import { projectName } from './project-name.ts';
import { visibleCandidates, visibleRoutes, visibleRouteTasks } from './route-lists.ts';
import { spendRows, type SpendRow } from '../tables/spend-rows.ts';
import {
  openRunView,
  topView,
  type AppState,
  type ListName,
  type OpenModel,
  type View,
} from './state.ts';
import { standingsOf, taskAtWork, type TaskStanding } from '../../domain/task-standing.ts';
import { ownValue } from '../../domain/own-value.ts';

/** What each list shows now: filtered and sorted. Views draw these, keys move through them. */

export function visibleRankings(state: AppState, list: 'rankings' | 'cost'): ModelRanking[] {
  const rows = (state.insight?.rankings ?? []).filter(({ model }) => matches(state, model));
  return sortRows(list, rows, sortOf(list, state.sorts));
}

export function visibleLeaders(state: AppState): CellStats[] {
  const rows = Object.values(state.insight?.leaders ?? {}).filter(({ model, taskType }) =>
    matches(state, model, taskType, taskTypeLabel(taskType)),
  );
  return sortRows('leaders', rows, sortOf('leaders', state.sorts));
}

/** All advice, as far as the routes in force are known with a word on what they do already. */
export function adviceIn({ insight, chosen }: AppState): Recommendation[] {
  return openFirst(
    adviceBy(insight?.recommendations ?? [], (taskType) => ownValue(chosen, taskType)),
  );
}

export function visibleRecommendations(state: AppState): Recommendation[] {
  const rows = adviceIn(state).filter(({ message, kind, taskType }) =>
    matches(state, message, kind, taskType),
  );
  return sortRows('recommendations', rows, sortOf('recommendations', state.sorts));
}

/** Runs in progress as they are now, and those that are over, in one list. */
export const visibleRuns = perState((state: AppState): readonly RunRow[] => {
  // The filter of an open run is for its tasks.
  const filter = openRunView(state)?.filterAbove ?? state.filter;
  const rows = allRuns(state).filter(({ projectId, project, status, models, elsewhere }) =>
    matches({ filter }, projectId, project, status, elsewhere?.machine ?? '', ...models),
  );
  const shown = state.onlyFailed.runs === true ? rows.filter(hasFailed) : rows;
  return sortRows('runs', shown, sortOf('runs', state.sorts));
});

/** Whether a run ended otherwise than well. */
const hasFailed = ({ status }: RunRow): boolean => status !== 'success' && status !== 'running';

/** How many runs there are, whatever the filter shows of them. */
export const countOfRuns = (state: AppState): number => allRuns(state).length;

/** All runs that are known, in no order. */
export const allRuns = perState(rowsOf);

function rowsOf({ runs, pastRuns, now }: AppState): RunRow[] {
  const live = runs.map((run): RunRow => ({
    ...digestOf(run),
    projectId: run.projectId,
    status: run.finished?.status ?? (isLive(run, now) ? 'running' : 'interrupted'),
    live: run,
    ...defined({ elsewhere: run.elsewhere }),
  }));
  const known = new Set(live.map(({ projectId }) => projectId));
  return [...live, ...pastRuns.filter(({ projectId }) => !known.has(projectId))];
}

/** The tasks of the open run, in the order of its plan unless they are sorted. */
export function visibleTasks(state: AppState): TaskState[] {
  const { openRun, filter, onlyFailed, sorts, now } = state;
  if (openRun === undefined) return [];
  let tasks = [...openRun.tasks.values()];
  if (filter !== '') tasks = tasks.filter((task) => matches(state, ...wordsOf(task)));
  if (onlyFailed.tasks === true) tasks = shortIn(openRun, tasks, now);
  return sortRows('tasks', tasks, sortOf('tasks', sorts));
}

function shortIn(run: RunState, tasks: readonly TaskState[], now: number): TaskState[] {
  const standings = standingsOf(run, now);
  return tasks.filter((task) => fellShort.has(standings.of(task)));
}

/** Short of the mark, or without a result: what makes a run less than a success. */
const fellShort: ReadonlySet<TaskStanding> = new Set([
  'best-effort',
  'failed',
  'skipped',
  'interrupted',
  'not-finished',
]);

/** The advice of that id, with what the routes in force say of it. */
export const adviceOf = (state: AppState, id: string): Recommendation | undefined =>
  adviceIn(state).find((advice) => recommendationId(advice) === id);

/** The event whose view is on top, while it is among the last ones. */
export function openEvent(state: AppState): EventRow | undefined {
  const view = topView(state);
  if (view?.kind !== 'event') return undefined;
  return state.openModel?.detail.lastEvents.find(({ id }) => id === view.eventId);
}

/** The last events of the open model. */
export const visibleEvents = ({ openModel, sorts }: AppState): EventRow[] =>
  sortRows('events', openModel?.detail.lastEvents ?? [], sortOf('events', sorts));

/** What routing says of the open model for a task type. */
export const whyOf = (
  { detail, decisions }: OpenModel,
  taskType: string,
): CandidateAssessment | undefined =>
  ownValue(decisions, taskType)?.candidates.find(({ model }) => model === detail.model);

/** The task types of the open model of which routing says why it gets the work or not. */
export const visibleWhy = ({
  openModel,
}: AppState): { taskType: string; why: CandidateAssessment }[] =>
  (openModel?.detail.cells ?? []).flatMap(({ taskType }) => {
    const why = openModel && whyOf(openModel, taskType);
    return why === undefined ? [] : [{ taskType, why }];
  });

const wordsOf = ({ id, type, author, model, status }: TaskState): string[] => [
  id,
  type,
  taskTypeLabel(type),
  author ?? '',
  model ?? '',
  status,
];

/** The same advice keeps its identity while its numbers move. */
export const recommendationId = ({ kind, taskType, model, alternative }: Recommendation): string =>
  // There is one that asks for data, whichever model it names first.
  JSON.stringify(kind === 'needs-data' ? [kind] : [kind, taskType, model, alternative]);

/** What was paid, by what the Cost tab tells it by. */
export function visibleSpend(state: AppState): SpendRow[] {
  const rows = state.insight === undefined ? [] : spendRows(state.insight, state.spendBy);
  const shown =
    state.filter === ''
      ? rows
      : rows.filter(({ id }) => matches(state, id, projectName(state, id) ?? ''));
  return sortRows('spend', shown, sortOf('spend', state.sorts));
}

export function visibleJudges({ insight, agreements, sorts }: AppState): JudgeRow[] {
  const rows = (insight?.judges ?? []).map((standing) => ({
    ...standing,
    ...defined({ agreement: agreements.find(({ judge }) => judge === standing.judge) }),
  }));
  return sortRows('judges', rows, sortOf('judges', sorts));
}

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
    case 'routes': {
      return visibleRoutes(state).map(({ taskType }) => taskType);
    }
    case 'candidates': {
      return visibleCandidates(state).map(({ model }) => model);
    }
    case 'route-tasks': {
      return visibleRouteTasks(state).map(({ id }) => String(id));
    }
    case 'why': {
      return visibleWhy(state).map(({ taskType }) => taskType);
    }
    case 'runs': {
      return visibleRuns(state).map(({ projectId }) => projectId);
    }
    case 'events': {
      return visibleEvents(state).map(({ id }) => String(id));
    }
    case 'tasks': {
      return visibleTasks(state).map(({ id }) => id);
    }
    case 'comparison': {
      return (openComparison(state)?.rows ?? []).map(({ id }) => id);
    }
    case 'spend': {
      return visibleSpend(state).map(({ id }) => id);
    }
    case 'judges': {
      return visibleJudges(state).map(({ judge }) => judge);
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

/** Until a key moves it, the selection of a run's tasks goes where the work is; then to the first that fell short. */
function indexAtWork(state: AppState, ids: readonly string[]): number {
  const { openRun, now } = state;
  const tasks = visibleTasks(state);
  const isOver = openRun?.finished !== undefined;
  const id = (isOver ? shortIn(openRun, tasks, now)[0] : taskAtWork(tasks))?.id;
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

type InParts = 'model' | 'route';

const listsOfViews: Record<Exclude<View['kind'], InParts>, ListName | undefined> = {
  run: 'tasks',
  task: 'tasks',
  texts: undefined,
  event: undefined,
  evidence: undefined,
  learning: undefined,
  judges: 'judges',
  compare: 'comparison',
};

/** The list that keys move in; nothing where there is none. */
export function activeList(state: AppState): ListName | undefined {
  const view = topView(state);
  if (view?.kind === 'model') return view.part === 'why' ? 'why' : 'events';
  if (view?.kind === 'route') return view.part === 'tasks' ? 'route-tasks' : 'candidates';
  if (view !== undefined) return listsOfViews[view.kind];
  switch (state.tab) {
    case 'overview': {
      return state.pane;
    }
    case 'routes': {
      return 'routes';
    }
    case 'cost': {
      return 'spend';
    }
    case 'recommendations': {
      return 'recommendations';
    }
    case 'runs': {
      return 'runs';
    }
  }
}
