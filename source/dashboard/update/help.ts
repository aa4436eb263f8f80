import type { KeyName } from '../keys/key-name.ts';
import { commandFor, keymapBySection } from '../keys/lookup.ts';
import type { AppState } from '../state/state.ts';
import type { Update } from './action.ts';
import { applyCommand } from './commands.ts';

/** Rows of the screen that are none of the help's: a page keeps its last line in sight. */
const otherRows = 6;

/** A key while the help is open: what moves selects a line, Enter does what it says, others close it. */
export function pressedInHelp(state: AppState, index: number, key: KeyName): Update {
  const { helpIndex: _, ...closed } = state;
  const command = commandFor(state, key);
  // A key that leaves the program does that.
  if (command?.name === 'quit' || command?.name === 'suspend') return applyCommand(closed, command);
  const isPage = command?.name === 'move-page' || key === 'pageup' || key === 'pagedown';
  if (isPage || command?.name === 'move' || key === 'up' || key === 'down') {
    const isUp = ['up', 'k', 'pageup', 'ctrl-b'].includes(key);
    const by = (isUp ? -1 : 1) * (isPage ? Math.max(1, state.size.rows - otherRows) : 1);
    const helpIndex = Math.max(0, Math.min(keymapBySection.length - 1, index + by));
    return { state: { ...state, helpIndex }, effects: [] };
  }
  return key === 'enter' ? done(closed, index) : { state: closed, effects: [] };
}

function done(state: AppState, index: number): Update {
  const binding = keymapBySection[index];
  const [command] = Object.values(binding?.on ?? {});
  if (binding === undefined || command === undefined) return { state, effects: [] };
  if (binding.where?.(state) ?? true) return applyCommand(state, command);
  return { state: { ...state, message: `${binding.show} does nothing here.` }, effects: [] };
}
