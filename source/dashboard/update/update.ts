import { commandFor, placeOf } from '../keys/lookup.ts';
import type { KeyName } from '../keys/key-name.ts';
import type { Action, Effect, Update } from './action.ts';
import { applyCommand } from './commands.ts';
import { pressedInHelp } from './help.ts';
import { withoutPendingVerdict } from './verdict.ts';
import { pressedInPalette, typedInPalette } from './palette.ts';
import { typedInTexts, withTexts } from './texts.ts';
import { asksOfProgram, pastedAfter, typedAfter } from './typing.ts';
import type { RunState } from '../../domain/run-state.ts';
import { openModelName, openRunView, topView, type AppState } from '../state/state.ts';
import { atFirst } from './opening.ts';
import { selectedId } from '../state/lists.ts';

/** The next state, and what is to be done outside. Pure: the same action on the same state, the same answer. */
export function update(state: AppState, action: Action): Update {
  switch (action.type) {
    case 'key': {
      return pressed(state, action.key);
    }
    case 'paste': {
      return pasted(state, action.text);
    }
    case 'background': {
      const theme = action.isLight ? 'light' : 'dark';
      return unchanged(state.isThemeChosen ? state : { ...state, theme });
    }
    case 'resized': {
      return { state: { ...state, size: action.size }, effects: [] };
    }
    case 'read': {
      return read(state, action);
    }
    case 'model-read': {
      if (openModelName(state) !== action.openModel.detail.model) return unchanged(state);
      return unchanged({ ...state, openModel: action.openModel });
    }
    case 'routed': {
      const { chosen, notOffered, decision } = action;
      const { routeDecision: _, ...rest } = state;
      const routed = { ...rest, chosen, notOffered };
      return unchanged({ ...routed, ...(decision && { routeDecision: decision }) });
    }
    case 'tasks-read': {
      const { taskType, rows } = action;
      return unchanged({ ...state, lastTasks: { taskType, rows } });
    }
    case 'runs': {
      const next = withOpenRun({ ...state, runs: action.runs, now: action.at });
      // One that has ended is no longer among those in progress, but in the list of all.
      const hasChanged = namesOf(state.runs) !== namesOf(action.runs);
      const effects: Effect[] = hasChanged ? [{ type: 'list-runs' }] : [];
      const open = openRunView(state)?.projectId;
      const wasOpen = state.runs.some(({ projectId }) => projectId === open);
      const isOpen = action.runs.some(({ projectId }) => projectId === open);
      if (open !== undefined && wasOpen && !isOpen)
        effects.push({ type: 'read-run', projectId: open });
      return { state: next, effects };
    }
    case 'past-runs': {
      if (state.hasListedRuns && action.runs === state.pastRuns) return unchanged(state);
      return unchanged({ ...state, pastRuns: action.runs, hasListedRuns: true });
    }
    case 'run-read': {
      // That it was looked for is over.
      const isFound = state.openRun === undefined && openRunView(state) !== undefined;
      const next = isFound ? withMessage(state, undefined) : state;
      return { state: withRunRead(next, action), effects: [] };
    }
    case 'outcomes-read': {
      return { state: { ...state, found: action.found }, effects: [] };
    }
    case 'what-if': {
      return { state: { ...state, whatIf: action.whatIf }, effects: [] };
    }
    case 'limits': {
      return { state: { ...state, moneyLimits: action.limits }, effects: [] };
    }
    case 'agreements': {
      return { state: { ...state, agreements: action.agreements }, effects: [] };
    }
    case 'time': {
      return { state: { ...state, now: action.at }, effects: [] };
    }
    case 'message': {
      if (state.message === action.message) return unchanged(state);
      return { state: withMessage(state, action.message), effects: [] };
    }
  }
}

const unchanged = (state: AppState): Update => ({ state, effects: [] });

const namesOf = (runs: AppState['runs']): string =>
  runs.map(({ projectId }) => projectId).join(' ');

/** The open run as it is now; one that is over keeps what it was. */
function withOpenRun(state: AppState): AppState {
  const view = openRunView(state);
  const openRun = state.runs.find(({ projectId }) => projectId === view?.projectId);
  return openRun === undefined ? state : { ...state, openRun };
}

/** The journal of the open run was read: of one in progress, what is known of it is newer. */
function withRunRead(
  state: AppState,
  { run, report }: Extract<Action, { type: 'run-read' }>,
): AppState {
  if (openRunView(state)?.projectId !== run.projectId) return withComparedRun(state, run);
  const isInProgress = state.runs.some(({ projectId }) => projectId === run.projectId);
  return {
    ...state,
    openReport: report,
    ...(isInProgress && state.openRun !== undefined ? {} : { openRun: run }),
  };
}

/** A run that is compared with another. */
function withComparedRun(state: AppState, run: RunState): AppState {
  const isCompared = state.viewStack.some(
    (view) => view.kind === 'compare' && view.ids.includes(run.projectId),
  );
  if (!isCompared) return state;
  const others = state.comparedRuns.filter(({ projectId }) => projectId !== run.projectId);
  return { ...state, comparedRuns: [...others, run] };
}

function withMessage(state: AppState, message: string | undefined): AppState {
  const { message: _, ...rest } = state;
  return message === undefined ? rest : { ...rest, message };
}

function read(state: AppState, { reading, at }: Extract<Action, { type: 'read' }>): Update {
  if (reading.status !== 'ready' && reading.status !== 'empty') {
    // The last good insight stays, and says how old it is.
    return { state: { ...state, data: reading, now: at }, effects: [] };
  }
  const { insight, ...data } = reading;
  const next = { ...state, data, insight, readAt: at, now: at };
  const model = openModelName(state);
  const projectId = openRunView(state)?.projectId;
  return {
    state: next,
    effects: [
      ...(model === undefined ? [] : [{ type: 'read-model', model } as const]),
      // Somebody else may have found something of its results.
      ...(projectId === undefined ? [] : [{ type: 'read-outcomes', projectId } as const]),
    ],
  };
}

function pressed(before: AppState, key: KeyName): Update {
  const state = withMessage(before, undefined);
  if (state.isFiltering) return typed(state, key);
  const view = topView(state);
  if (view?.kind === 'texts' && view.isTyping) return typedInTexts(state, view, key);
  if (state.palette !== undefined) return pressedInPalette(state, state.palette, key);
  if (state.helpIndex !== undefined) return pressedInHelp(state, state.helpIndex, key);
  const command = commandFor(state, key);
  if (command === undefined) return unchanged(withMessage(state, placeOf(state, key)));
  return applyCommand(command.name === 'verdict' ? state : withoutPendingVerdict(state), command);
}

/** Another filter of the list here, which begins at its first row then. */
const filtered = (state: AppState, filter: string): AppState => atFirst({ ...state, filter });

/** A key while the filter is being typed. */
function typed(state: AppState, key: KeyName): Update {
  switch (key) {
    case 'escape': {
      return unchanged(filtered({ ...state, isFiltering: false }, ''));
    }
    case 'enter': {
      return { state: { ...state, isFiltering: false }, effects: [] };
    }
    case 'up':
    case 'down': {
      return applyCommand(state, { name: 'move', by: key === 'up' ? -1 : 1 });
    }
    default: {
      const command = asksOfProgram(key);
      if (command !== undefined) return applyCommand(state, command);
      const filter = typedAfter(state.filter, key);
      return unchanged(filter === undefined ? state : filtered(state, filter));
    }
  }
}

/** Pasted text goes where text is typed; elsewhere it is no keys. */
function pasted(state: AppState, text: string): Update {
  if (state.isFiltering) return unchanged(filtered(state, pastedAfter(state.filter, text)));
  const view = topView(state);
  if (view?.kind === 'texts' && view.isTyping) {
    return unchanged(withTexts(state, { search: pastedAfter(view.search, text) }));
  }
  return state.palette === undefined
    ? unchanged(state)
    : typedInPalette(state, pastedAfter(state.palette.typed, text));
}

/** The one holder of the state. Knows nothing of React; the view subscribes. */
export type Store = {
  get: () => AppState;
  dispatch: (action: Action) => void;
  subscribe: (listener: () => void) => () => void;
};

/** Effects run after their state is in place, so that what they dispatch comes on top of it. */
export function createStore(
  initial: AppState,
  perform: (effect: Effect) => void,
  /** How many lines of the text of the open view have no room. */
  scrollRoom: (state: AppState) => number = () => 0,
): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = update(state, action);
      if (next.state !== state) {
        state = placeText(state, next.state, scrollRoom(next.state));
        for (const listener of listeners) listener();
      }
      for (const effect of next.effects) perform(effect);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** The state with the place of its text, of which `most` lines have no room: another text stands at its start. */
function placeText(before: AppState, state: AppState, most: number): AppState {
  const { scroll, ...rest } = state;
  if (most === 0) return scroll === undefined ? state : rest;
  const top = isSameText(before, state) ? Math.min(scroll?.top ?? 0, most) : 0;
  if (scroll?.top === top && scroll.most === most) return state;
  return { ...rest, scroll: { top, most } };
}

function isSameText(before: AppState, state: AppState): boolean {
  const view = topView(state);
  if (view !== topView(before)) return false;
  return view?.kind !== 'task' || selectedId(before, 'tasks') === selectedId(state, 'tasks');
}
