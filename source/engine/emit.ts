import type { EventPayload, RunEvent } from '../domain/run-event.ts';
import { applyRunEvent, type RunState } from '../domain/run-state.ts';
import type { Clock } from '../domain/runtime.ts';
import { redactGiven, redactSecrets } from '../domain/secrets.ts';

/**
 * Addresses, dates and redacts what the engine reports, folds it into the run's state and hands it on.
 * Returns whether the event could be kept.
 */
export type Emit = (payload: EventPayload) => boolean;

/**
 * Messages are redacted of whatever looks like a key; prompts and outputs, which the journal keeps, of the
 * user's own keys. Nothing comes after the end of the run, not even from work that an error of ours left
 * behind.
 */
export function createEmit(options: {
  projectId: string;
  clock: Clock;
  secrets: readonly string[];
  state: RunState;
  /** Where events go; false for one that could not be kept. */
  sink: (event: RunEvent) => unknown;
}): Emit {
  const { projectId, clock, secrets, state, sink } = options;
  const clean = (text: string): string => redactSecrets(text, secrets);
  const keep = (text: string): string => redactGiven(text, secrets);
  let ended = false;
  return (payload) => {
    if (ended) return false;
    ended = payload.type === 'run-finished';
    const event = redacted({ ...payload, projectId, at: clock() }, { clean, keep });
    // A call whose start is not kept is not sent: it did not happen.
    if (event.type === 'call-started') {
      if (sink(event) === false) return false;
      applyRunEvent(state, event);
      return true;
    }
    applyRunEvent(state, event);
    return sink(event) !== false;
  };
}

function redacted(
  event: RunEvent,
  { clean, keep }: Record<'clean' | 'keep', (text: string) => string>,
): RunEvent {
  switch (event.type) {
    case 'notice': {
      return { ...event, message: clean(event.message) };
    }
    case 'attempt-finished': {
      const { error, problems } = event;
      return {
        ...event,
        ...(error === undefined ? {} : { error: clean(error) }),
        ...(problems === undefined ? {} : { problems: problems.map(clean) }),
      };
    }
    case 'task-finished': {
      const { output, error } = event;
      return {
        ...event,
        ...(output === undefined ? {} : { output: keep(output) }),
        ...(error === undefined ? {} : { error: clean(error) }),
      };
    }
    case 'run-finished': {
      return event.message === undefined ? event : { ...event, message: clean(event.message) };
    }
    case 'run-started': {
      return { ...event, project: keep(event.project), criteria: keep(event.criteria) };
    }
    case 'run-planned': {
      return {
        ...event,
        tasks: event.tasks.map((task) => ({ ...task, prompt: keep(task.prompt) })),
      };
    }
    case 'call-finished': {
      const { answer } = event;
      return answer === undefined
        ? event
        : { ...event, answer: { ...answer, text: keep(answer.text) } };
    }
    case 'run-estimated':
    case 'task-started':
    case 'task-routed':
    case 'phase-started':
    case 'call-started':
    case 'heartbeat': {
      return event;
    }
  }
}
