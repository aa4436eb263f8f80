import type { RunEvent } from '../domain/run-event.ts';
import { applyRunEvent, type RunState } from '../domain/run-state.ts';
import type { Clock } from '../domain/runtime.ts';
import { redactGiven, redactSecrets } from '../domain/secrets.ts';

type WithoutEnvelope<Event> = Event extends RunEvent ? Omit<Event, 'projectId' | 'at'> : never;

/** What the engine says, before it is addressed and dated. */
export type Saying = WithoutEnvelope<RunEvent>;
/** Returns whether the event could be kept. */
export type Say = (saying: Saying) => boolean;

/**
 * Addresses and dates what the engine says, and redacts it: messages of whatever looks like a key,
 * prompts and outputs (which the journal keeps) of the user's own keys.
 */
export function createSay(options: {
  projectId: string;
  clock: Clock;
  secrets: readonly string[];
  state: RunState;
  emit: (event: RunEvent) => unknown;
}): Say {
  const { projectId, clock, secrets, state, emit } = options;
  const clean = (text: string): string => redactSecrets(text, secrets);
  const keep = (text: string): string => redactGiven(text, secrets);
  return (saying) => {
    const event = redacted({ ...saying, projectId, at: clock() }, { clean, keep });
    // A call whose start is not kept is not sent: it did not happen.
    if (event.type === 'call-started') {
      if (emit(event) === false) return false;
      applyRunEvent(state, event);
      return true;
    }
    applyRunEvent(state, event);
    return emit(event) !== false;
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
      return event.error === undefined ? event : { ...event, error: clean(event.error) };
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
