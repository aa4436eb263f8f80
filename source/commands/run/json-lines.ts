import type { RunEvent } from '../../domain/run-event.ts';
import type { NamedTaskResult } from '../../domain/task-result.ts';

/**
 * What `run --json` prints of an event, or undefined for one that is not part of that contract.
 * Prompts and outputs stay in the journal.
 */
export function jsonLine(event: RunEvent): string | undefined {
  const fields = publicFields(event);
  return fields === null ? undefined : `${JSON.stringify(fields)}\n`;
}

/** An answer that nobody judged has no score, and says so. */
function withScore(result: NamedTaskResult): object {
  return { ...result, score: result.score ?? null };
}

function publicFields(event: RunEvent): object | null {
  const { type, projectId, at } = event;
  switch (event.type) {
    case 'run-started': {
      const { budgetUsd, timeLimitSeconds, concurrency, simulated, resumed, tags } = event;
      const limits = { budgetUsd, timeLimitSeconds, concurrency };
      return { type, projectId, at, ...limits, simulated, resumed, tags };
    }
    case 'task-started': {
      return { type, projectId, at, taskId: event.taskId, taskType: event.taskType };
    }
    case 'attempt-finished': {
      return event;
    }
    case 'task-finished': {
      return {
        type,
        projectId,
        at,
        ...withScore(event.result),
        status: event.status,
        error: event.error,
      };
    }
    case 'run-finished': {
      const { status, spentUsd, results, spentByPhase, spentByModel, message, resumable } = event;
      const money = { spentUsd, spentByPhase, spentByModel };
      return {
        type,
        projectId,
        at,
        status,
        ...money,
        results: results.map(withScore),
        message,
        resumable,
      };
    }
    case 'run-estimated':
    case 'run-planned':
    case 'task-routed':
    case 'phase-started':
    case 'call-started':
    case 'call-finished':
    case 'notice':
    case 'heartbeat': {
      return null;
    }
  }
}
