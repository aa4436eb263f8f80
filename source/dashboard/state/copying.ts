import type { CellStanding, ModelRanking } from '../../domain/insight.ts';
import type { TaskState } from '../../domain/run-state.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCost,
  formatMoney,
  formatMoment,
  formatPlural,
  formatQuality,
  formatScore,
  formatValue,
  nothing,
} from '../format/index.ts';
import { cleanText } from '../text/clean.ts';
import { activeList, cellId, selectedId, selectedTask, visibleGroups } from './lists.ts';
import { topLevel, type AppState } from './state.ts';

/** The selected row as one line of text for the clipboard, and its name; nothing where no row is. */
export function textToCopy(state: AppState): { text: string; what: string } | undefined {
  const level = topLevel(state);
  if (level?.kind === 'event') return eventText(state, level.eventId);
  const list = activeList(state);
  const id = list === undefined ? undefined : selectedId(state, list);
  if (list === undefined || id === undefined) return undefined;
  switch (list) {
    case 'rankings':
    case 'cost': {
      const row = state.insight?.rankings.find(({ model }) => model === id);
      return row && { text: standingText(row.model, row), what: row.model };
    }
    case 'leaders': {
      const cell = state.insight?.leaders[id];
      return cell && { text: cellText(cell), what: taskTypeLabel(cell.taskType) };
    }
    case 'cells': {
      const cell = visibleGroups(state)
        .flatMap(({ cells }) => cells)
        .find((candidate) => cellId(candidate) === id);
      return (
        cell && { text: cellText(cell), what: `${taskTypeLabel(cell.taskType)} ${cell.model}` }
      );
    }
    case 'runs': {
      return { text: cleanText(id), what: 'the run’s id' };
    }
    case 'tasks': {
      const task = selectedTask(state);
      return task && { text: taskText(task), what: task.id };
    }
    case 'events': {
      return eventText(state, Number(id));
    }
    case 'recommendations': {
      return undefined;
    }
  }
}

function standingText(name: string, row: ModelRanking | CellStanding): string {
  return cleanText(
    [
      name,
      `value ${formatValue(row.valueScore)}`,
      `quality ${formatQuality(row.qualityScore)}`,
      formatCost(row.averageCostUsd),
      formatPlural(row.callCount, 'call'),
      row.confidence,
    ].join('  '),
  );
}

const taskText = (task: TaskState): string =>
  cleanText(
    [
      task.id,
      taskTypeLabel(task.type),
      task.author ?? nothing,
      task.status,
      formatScore(task.score),
      formatPlural(task.iteration, 'attempt'),
      formatMoney(task.costUsd),
    ].join('  '),
  );

const cellText = (cell: CellStanding): string =>
  standingText(`${taskTypeLabel(cell.taskType)}  ${cell.model}`, cell);

function eventText(state: AppState, id: number): { text: string; what: string } | undefined {
  const event = state.openModel?.detail.lastEvents.find((candidate) => candidate.id === id);
  if (event === undefined) return undefined;
  const text = [
    formatMoment(event.recordedAt),
    event.projectId,
    event.taskId,
    taskTypeLabel(event.taskType),
    event.model,
    formatScore(event.score),
    formatMoney(event.costUsd),
    formatPlural(event.iterations, 'iteration'),
  ].join('  ');
  return { text: cleanText(text), what: 'the event' };
}
