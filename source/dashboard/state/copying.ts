import { taskTypeLabel } from '../../domain/task-type.ts';
import { ownValue } from '../../domain/own-value.ts';
import { byTask } from '../tables/by-task.ts';
import { candidates } from '../tables/candidates.ts';
import { comparisonText } from '../tables/comparison.ts';
import { events, routeTasks } from '../tables/events.ts';
import { judges } from '../tables/judges.ts';
import { rankings } from '../tables/rankings.ts';
import { routes } from '../tables/routes.ts';
import { runTasks } from '../tables/run-tasks.ts';
import { spendColumns } from '../tables/spend.ts';
import { copiedText } from '../tables/texts.ts';
import { cleanText } from '../text/width.ts';
import {
  activeList,
  selectedId,
  selectedTask,
  visibleJudges,
  visibleSpend,
  visibleWhy,
} from './lists.ts';
import { visibleCandidates, visibleRoutes, visibleRouteTasks } from './route-lists.ts';
import { openComparison } from './comparison.ts';
import { openTexts } from './task-texts.ts';
import { topView, type AppState } from './state.ts';

/** The selected row as one line of text for the clipboard, and its name; nothing where no row is. */
export function textToCopy(state: AppState): { text: string; what: string } | undefined {
  const view = topView(state);
  if (view?.kind === 'event') return eventText(state, view.eventId);
  if (view?.kind === 'texts') return writtenText(state);
  const compared = view?.kind === 'compare' ? openComparison(state) : undefined;
  if (compared !== undefined) {
    return { text: comparisonText(compared.rows, compared.names), what: 'the comparison' };
  }
  const list = activeList(state);
  const id = list === undefined ? undefined : selectedId(state, list);
  if (list === undefined || id === undefined) return undefined;
  switch (list) {
    case 'rankings':
    case 'cost': {
      const row = state.insight?.rankings.find(({ model }) => model === id);
      return row && { text: copiedText(rankings, row), what: row.model };
    }
    case 'leaders': {
      const cell = ownValue(state.insight?.leaders, id);
      return cell && { text: copiedText(byTask, cell), what: taskTypeLabel(cell.taskType) };
    }
    case 'routes': {
      const route = visibleRoutes(state).find(({ taskType }) => taskType === id);
      return route && { text: copiedText(routes, route), what: taskTypeLabel(route.taskType) };
    }
    case 'candidates': {
      const row = visibleCandidates(state).find(({ model }) => model === id);
      return row && { text: copiedText(candidates, row), what: row.model };
    }
    case 'runs': {
      return { text: cleanText(id), what: 'the run’s id' };
    }
    case 'spend': {
      const row = visibleSpend(state).find((one) => one.id === id);
      return row && { text: copiedText(spendColumns, row), what: row.id };
    }
    case 'judges': {
      const row = visibleJudges(state).find(({ judge }) => judge === id);
      return row && { text: copiedText(judges, row), what: row.judge };
    }
    case 'tasks': {
      const task = selectedTask(state);
      return task && { text: copiedText(runTasks, task), what: task.id };
    }
    case 'route-tasks': {
      const task = visibleRouteTasks(state).find((one) => String(one.id) === id);
      return task && { text: copiedText(routeTasks, task), what: task.taskId };
    }
    case 'why': {
      const why = visibleWhy(state).find(({ taskType }) => taskType === id)?.why;
      return why && { text: cleanText(`${taskTypeLabel(id)}  ${why.reason}`), what: 'the reason' };
    }
    case 'events': {
      return eventText(state, Number(id));
    }
    case 'comparison':
    case 'recommendations': {
      return undefined;
    }
  }
}

/** All that is in the pager, its lines as they are shown. */
function writtenText(state: AppState): { text: string; what: string } | undefined {
  const rows = openTexts(state)?.rows ?? [];
  if (rows.length === 0) return undefined;
  return {
    text: rows
      .map(({ text }) => text)
      .join('\n')
      .trim(),
    what: 'what was written',
  };
}

function eventText(state: AppState, id: number): { text: string; what: string } | undefined {
  const event = state.openModel?.detail.lastEvents.find((candidate) => candidate.id === id);
  if (event === undefined) return undefined;
  return { text: copiedText(events, event), what: 'the event' };
}
