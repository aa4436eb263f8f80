import type { AppState } from '../state/state.ts';
import { sections, type Binding } from './binding.ts';
import { columnPickerKeys } from './column-picker-keys.ts';
import type { Command } from './commands.ts';
import type { KeyName } from './key-name.ts';
import { keymap } from './keymap.ts';

/** The bindings in the order of the help. */
export const keymapBySection: readonly Binding[] = sections.flatMap((section) =>
  keymap.filter((binding) => binding.section === section),
);

/** The bindings that count here: a column picker that is open leaves only those of the program beside its own. */
const bindingsFor = ({ pickerIndex }: AppState): readonly Binding[] =>
  pickerIndex === undefined
    ? keymap
    : [...columnPickerKeys, ...keymap.filter(({ section }) => section === 'Program')];

/** What a key asks for here, if anything. */
export function commandFor(state: AppState, key: KeyName): Command | undefined {
  for (const binding of bindingsFor(state)) {
    const command = Object.hasOwn(binding.on, key) ? binding.on[key] : undefined;
    if (command !== undefined && (binding.where?.(state) ?? true)) return command;
  }
  return undefined;
}

const named: Readonly<Record<KeyName, string | undefined>> = {
  left: '←→',
  right: '←→',
  enter: 'Enter',
};

/** Where a key works that does nothing here; nothing for one that means nothing anywhere, or only moves. */
export function placeOf(state: AppState, key: KeyName): string | undefined {
  const places = bindingsFor(state).flatMap(({ on, at }) =>
    at !== undefined && Object.hasOwn(on, key) ? [at] : [],
  );
  if (places.length === 0) return undefined;
  return `${named[key] ?? key} works ${places.join('; ')}.`;
}

/** A binding with its word for the footer. */
export type Hint = Binding & { hint: string };

/** The bindings with a hint that work here, in the order of the footer. */
export function hintsFor(state: AppState): Hint[] {
  return bindingsFor(state).flatMap((binding) => {
    if (binding.where?.(state) === false) return [];
    const hint = typeof binding.hint === 'function' ? binding.hint(state) : binding.hint;
    return hint === undefined ? [] : [{ ...binding, hint }];
  });
}
