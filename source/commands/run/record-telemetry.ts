import type { RunEvent } from '../../domain/run-event.ts';
import type { TaskResult } from '../../domain/task-result.ts';

type Recorder = {
  recordRoutingEvent(projectId: string, taskId: string, result: TaskResult): void;
};

/**
 * Keeps every finished task, once: a continued run tells again what an earlier part may have told
 * already, and only what that part could not write is written now.
 */
export function recordTelemetry(
  store: Recorder,
  alreadyRecorded: ReadonlySet<string>,
): (event: RunEvent) => void {
  const recorded = new Set(alreadyRecorded);
  return (event) => {
    if (event.type !== 'task-finished') return;
    const { taskId, ...result } = event.result;
    if (recorded.has(taskId)) return;
    recorded.add(taskId);
    store.recordRoutingEvent(event.projectId, taskId, result);
  };
}
