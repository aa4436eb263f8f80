import type { ModelCall, ResultOutcome } from '../../domain/model-call.ts';
import type { RunEvent, RunEventOf } from '../../domain/run-event.ts';
import { isTagName, isTagValue, type Tags } from '../../domain/tags.ts';
import type { TaskResult } from '../../domain/task-result.ts';

type Recorder = {
  recordRoutingEvent(projectId: string, taskId: string, result: TaskResult): void;
  recordCall(projectId: string, call: ModelCall): void;
  recordOutcome(projectId: string, taskId: string, outcome: ResultOutcome): void;
  recordTags(projectId: string, tags: Tags): void;
};

/**
 * Keeps every finished task and every call, once: a resumed run emits again what an earlier part may
 * have emitted already, and only what that part could not write is written now. Calls are distinguished by
 * their ids, so they are offered every time; of tags only what differs from what was said before.
 */
export function recordTelemetry(
  store: Recorder,
  alreadyRecorded: ReadonlySet<string>,
  tagsRecorded: Tags = {},
): (event: RunEvent) => void {
  const recorded = new Set(alreadyRecorded);
  const tagged = new Map(Object.entries(tagsRecorded));
  return (event) => {
    if (event.type === 'run-started') {
      const changed = Object.entries(event.tags ?? {}).filter(
        ([name, value]) => tagged.get(name) !== value,
      );
      for (const [name, value] of changed) tagged.set(name, value);
      if (changed.length > 0) store.recordTags(event.projectId, Object.fromEntries(changed));
    }
    if (event.type === 'call-finished') store.recordCall(event.projectId, modelCallOf(event));
    if (event.type !== 'task-finished') return;
    const { taskId, ...result } = event.result;
    if (recorded.has(taskId)) return;
    recorded.add(taskId);
    // First, so that the task is never seen without it. Every such task is tested: none was picked out.
    if (event.tested !== undefined) {
      const value = event.tested ? 1 : 0;
      store.recordOutcome(event.projectId, taskId, { source: 'test', value, sampled: 1 });
    }
    store.recordRoutingEvent(event.projectId, taskId, result);
  };
}

/** What a run is called by after these events: of each name what was said last. */
export function tagsAfter(events: readonly RunEvent[]): Readonly<Record<string, string>> {
  const said = events.flatMap((event) =>
    event.type === 'run-started' ? Object.entries(event.tags ?? {}) : [],
  );
  // A journal may be of a version that took other names and values.
  return Object.fromEntries(said.filter(([name, value]) => isTagName(name) && isTagValue(value)));
}

/** A call as telemetry keeps it: everything of the event but its answer. */
function modelCallOf(event: RunEventOf<'call-finished'>): ModelCall {
  const { type: _, projectId: __, step: ___, answer: ____, usage, estimated, ...call } = event;
  return { ...call, ...usage, costEstimated: estimated };
}
