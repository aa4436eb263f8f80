import type { KeyName } from '../keys/key-name.ts';
import { matchingItems, type PaletteItem } from '../keys/palette.ts';
import type { AppState } from '../state/state.ts';
import type { Update } from './action.ts';
import { applyCommand } from './commands.ts';
import { goTo } from './opening.ts';
import { asksOfProgram, typedAfter } from './typing.ts';

/** A key while the palette is open. */
export function pressedInPalette(
  state: AppState,
  palette: NonNullable<AppState['palette']>,
  key: KeyName,
): Update {
  switch (key) {
    case 'escape': {
      return { state: closed(state), effects: [] };
    }
    case 'enter':
    case 'tab': {
      const item = matchingItems(state)[palette.index];
      return item === undefined ? { state, effects: [] } : follow(closed(state), item);
    }
    case 'up':
    case 'ctrl-p': {
      return moved(state, palette, -1);
    }
    case 'down':
    case 'ctrl-n': {
      return moved(state, palette, 1);
    }
    case 'pageup':
    case 'pagedown': {
      const page = Math.max(1, state.size.rows - 8);
      return moved(state, palette, key === 'pageup' ? -page : page);
    }
    default: {
      const command = asksOfProgram(key);
      if (command !== undefined) return applyCommand(state, command);
      // Where nothing is left to take away, Backspace closes it, as where it came from.
      if (key === 'backspace' && palette.typed === '') return { state: closed(state), effects: [] };
      return typedInPalette(state, typedAfter(palette.typed, key));
    }
  }
}

/** The palette with other text; its best line is selected then. */
export function typedInPalette(state: AppState, typed: string | undefined): Update {
  const next = typed === undefined ? state : { ...state, palette: { typed, index: 0 } };
  return { state: next, effects: [] };
}

function moved(
  state: AppState,
  { typed, index }: NonNullable<AppState['palette']>,
  by: number,
): Update {
  const last = Math.max(0, matchingItems(state).length - 1);
  const to = Math.max(0, Math.min(last, index + by));
  return { state: { ...state, palette: { typed, index: to } }, effects: [] };
}

function closed(state: AppState): AppState {
  const { palette: _, ...rest } = state;
  return rest;
}

const follow = (state: AppState, { target }: PaletteItem): Update =>
  target.type === 'command' ? applyCommand(state, target.command) : goTo(state, target);
