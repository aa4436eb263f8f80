import type { RunEvent } from '../../domain/run-event.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatLatency,
  formatMoney,
  formatPlural,
  formatTaskScore,
  notJudged,
} from '../format/index.ts';
import { cleanText } from '../text/index.ts';

/**
 * An event as one line for a pipe or a log, or undefined for one that says nothing new to a person.
 * Prompts and outputs are never part of it.
 */
export function eventLine(event: RunEvent): string | undefined {
  const text = sentenceOf(event);
  return text === undefined ? undefined : cleanText(text);
}

function sentenceOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'run-started': {
      const { projectId, budgetUsd, concurrency, simulated, resumed } = event;
      const mark = simulated ? 'SIMULATED ' : '';
      const start = resumed ? 'continues' : 'starts';
      return `${mark}run ${projectId} ${start}: budget ${formatMoney(budgetUsd)}, ${formatPlural(concurrency, 'task')} at a time`;
    }
    case 'run-estimated': {
      const { lowUsd, expectedUsd, highUsd, basis } = event;
      return `estimate ${formatMoney(expectedUsd)} (${formatMoney(lowUsd)} to ${formatMoney(highUsd)}), from ${basis}`;
    }
    case 'run-planned': {
      return `planned ${formatPlural(event.tasks.length, 'task')}: ${event.tasks.map(({ id }) => id).join(', ')}`;
    }
    case 'task-started': {
      return undefined;
    }
    case 'task-routed': {
      const { taskId, decision } = event;
      return `${taskId} ${taskTypeLabel(decision.taskType)} → ${decision.chosen ?? 'no model'}: ${decision.reason}`;
    }
    case 'phase-started':
    case 'call-started':
    case 'call-finished':
    case 'heartbeat': {
      return undefined;
    }
    case 'attempt-finished': {
      const { taskId, taskType, iteration, model, score, costUsd, latencyMs, error } = event;
      const outcome =
        score === undefined
          ? (error ?? 'not scored')
          : `scored ${formatTaskScore(score, taskType)}`;
      return `${taskId} attempt ${iteration} by ${model} ${outcome}, ${formatMoney(costUsd)}, ${formatLatency(latencyMs)}`;
    }
    case 'notice': {
      return event.taskId === undefined ? event.message : `${event.taskId} ${event.message}`;
    }
    case 'task-finished': {
      const { taskId, taskType, model, score, costUsd, iterations } = event.result;
      const how = event.status === 'accepted' ? 'accepted' : event.status.replace('-', ' ');
      const by = model === '' ? '' : ` ${model}`;
      return `${taskId} ${how}:${by} ${score === undefined ? notJudged : formatTaskScore(score, taskType)}, ${formatPlural(iterations, 'attempt')}, ${formatMoney(costUsd)}`;
    }
    case 'run-finished': {
      const { status, spentUsd, results, message } = event;
      const why = message === undefined ? '' : `: ${message}`;
      return `run ${status}, ${formatPlural(results.length, 'task')}, ${formatMoney(spentUsd)}${why}`;
    }
  }
}
