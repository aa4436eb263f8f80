import { selectedTask } from '../state/lists.ts';
import type { AppState } from '../state/state.ts';
import { sortLetters } from '../tables/column.ts';
import { sections, type Binding } from './binding.ts';
import { columnPickerKeys } from './column-picker-keys.ts';
import type { Command } from './commands.ts';
import type { KeyName } from './key-name.ts';
import {
  canAskWhatIf,
  canChooseColumns,
  canGoSideways,
  canMark,
  canMove,
  canOpen,
  canReadWhy,
  canSettle,
  canShowFailed,
  canSort,
  hasData,
  hasFile,
  hasList,
  hasRows,
  isInTexts,
  isOnTab,
  leadsOn,
  moveHint,
  isOnTask,
  sidewaysHint,
  view,
} from './places.ts';
import { quietKeys } from './quiet-keys.ts';

const sortKeys: Binding['on'] = Object.fromEntries(
  sortLetters.map((letter) => [letter, { name: 'sort-by', letter }]),
);

/** In the order of the footer: what matters here first. */
export const keymap: readonly Binding[] = [
  {
    section: 'Move',
    show: '↑↓ j k',
    showAscii: 'j k',
    does: 'select a row, or scroll',
    hint: moveHint,
    where: canMove,
    on: {
      up: { name: 'move', by: -1 },
      down: { name: 'move', by: 1 },
      k: { name: 'move', by: -1 },
      j: { name: 'move', by: 1 },
    },
  },
  {
    section: 'Move',
    show: '⏎',
    showAscii: 'Enter',
    does: 'open the selected row: a route, a model, a task, a run, evidence, what was written',
    hint: (state) => (leadsOn(state) ? 'open' : undefined),
    where: canOpen,
    on: { enter: { name: 'open' } },
  },
  {
    section: 'Move',
    show: 'Esc',
    does: 'go back; clear the filter or the what-if',
    hint: 'back',
    where: (state) =>
      !isOnTab(state) ||
      state.filter !== '' ||
      state.whatIf !== undefined ||
      (state.tab === 'runs' && state.onlyFailed.runs === true),
    on: { escape: { name: 'back' }, backspace: { name: 'back' } },
  },
  {
    section: 'Move',
    show: 'PgUp PgDn',
    does: 'a page up or down, of a task its text; also Ctrl+B, Ctrl+F, Space',
    // Where single steps go through a list beside the text.
    hint: (state) => (state.scroll !== undefined && hasList(state) ? 'scroll' : undefined),
    where: canMove,
    on: {
      pageup: { name: 'move-page', by: -1 },
      pagedown: { name: 'move-page', by: 1 },
      'ctrl-b': { name: 'move-page', by: -1 },
      'ctrl-f': { name: 'move-page', by: 1 },
      ' ': { name: 'move-page', by: 1 },
    },
  },
  {
    section: 'Move',
    show: '←→ h l',
    showAscii: 'h l',
    does: 'next pane of the overview or of a route, what spend is by, series of a model, task of a run, side',
    hint: sidewaysHint,
    where: canGoSideways,
    on: {
      left: { name: 'sideways', by: -1 },
      right: { name: 'sideways', by: 1 },
      h: { name: 'sideways', by: -1 },
      l: { name: 'sideways', by: 1 },
    },
  },
  {
    section: 'Look',
    show: 'w',
    does: 'why a model is routed as it is, and Enter there its route; on a task: its model',
    hint: (state) => (view(state) === 'model' ? 'why' : 'model'),
    where: canReadWhy,
    each: { w: 'the model of a task, and why it is routed as it is' },
    on: { w: { name: 'why' } },
  },
  {
    section: 'Look',
    show: '+ -',
    does: 'what if: another quality tolerance, its routes and its cost; nothing is written',
    hint: 'what if',
    where: canAskWhatIf,
    each: { '+': 'what if: a higher quality tolerance', '-': 'what if: a lower quality tolerance' },
    on: {
      '+': { name: 'tolerance', by: 1 },
      '-': { name: 'tolerance', by: -1 },
    },
  },
  {
    section: 'Look',
    show: 's S',
    does: 'sort by the next column; turn the direction round',
    hint: (state) => (hasRows(state) ? 'sort' : undefined),
    where: canSort,
    each: { s: 'sort by the next column', S: 'sort the other way round' },
    on: { s: { name: 'sort' }, S: { name: 'sort-direction' } },
  },
  {
    section: 'Look',
    show: 'Q C T …',
    showAscii: 'Q C T ...',
    does: 'sort by quality, cost, time …; the same letter reverses',
    where: canSort,
    on: sortKeys,
  },
  {
    section: 'Look',
    show: 'm =',
    does: 'mark a model or a run; put two side by side',
    hint: 'compare',
    where: canMark,
    each: { m: 'mark to compare', '=': 'compare what is marked' },
    on: { m: { name: 'mark' }, '=': { name: 'compare' } },
  },
  {
    section: 'Look',
    show: 'f',
    does: 'only what failed: runs without success, tasks that fell short',
    hint: 'only failed',
    where: canShowFailed,
    each: { f: 'only what failed' },
    on: { f: { name: 'only-failed' } },
  },
  {
    section: 'Look',
    show: '/',
    does: 'filter by text; Enter keeps it, Esc clears it',
    hint: (state) => (hasRows(state) || state.filter !== '' ? 'filter' : undefined),
    where: (state) => isOnTab(state) || view(state) === 'run' || view(state) === 'route',
    each: { '/': 'filter by text' },
    on: { '/': { name: 'filter' } },
  },
  {
    section: 'Look',
    show: '/ n N',
    does: 'in what was written: search, the next place, the last one',
    hint: 'search',
    where: isInTexts,
    on: {
      '/': { name: 'search' },
      n: { name: 'next-match', by: 1 },
      N: { name: 'next-match', by: -1 },
    },
  },
  {
    section: 'Data',
    show: 'g b',
    does: 'on a task: record that its result is good, or bad; u takes it back',
    hint: (state) => (selectedTask(state) === undefined ? undefined : 'good bad'),
    where: isOnTask,
    each: { g: 'this result is good', b: 'this result is bad' },
    on: { g: { name: 'verdict', value: 1 }, b: { name: 'verdict', value: 0 } },
  },
  {
    section: 'Data',
    show: 'u',
    does: 'take back what was just recorded',
    hint: (state) => (state.verdict?.isRecorded === true ? 'take back' : undefined),
    where: (state) => isOnTask(state) && state.verdict?.isRecorded === true,
    on: { u: { name: 'withdraw' } },
  },
  {
    section: 'Data',
    show: 'o',
    does: 'open the result file of the task in $PAGER or $EDITOR',
    hint: (state) => (hasFile(state) ? 'open file' : undefined),
    where: isOnTask,
    each: { o: 'open the result file' },
    on: { o: { name: 'show-file' } },
  },
  {
    section: 'Look',
    show: '[ ]',
    does: 'shorter or longer window: 1, 7, 30, 90, 365 days',
    // Runs are listed whatever the window.
    hint: (state) => (state.tab === 'runs' || state.insight === undefined ? undefined : 'window'),
    each: { '[': 'shorter window', ']': 'longer window' },
    on: { '[': { name: 'window', by: -1 }, ']': { name: 'window', by: 1 } },
  },
  {
    section: 'Look',
    show: 'c',
    does: 'on advice that is not firm: copy the command that settles it; its price stands beside it',
    hint: 'copy command',
    where: canSettle,
    each: { c: 'copy the command that settles it' },
    on: { c: { name: 'settle' } },
  },
  {
    section: 'Look',
    show: 'c',
    does: 'columns of the rankings: Space shows or hides one, Esc closes',
    hint: 'columns',
    where: canChooseColumns,
    each: { c: 'columns of the rankings' },
    on: { c: { name: 'columns' } },
  },
  {
    section: 'Look',
    show: 'L',
    does: 'learning curve: score and cost per task, run by run',
    hint: (state) => (hasData(state) ? 'curve' : undefined),
    where: isOnTab,
    each: { L: 'learning curve' },
    on: { L: { name: 'learning' } },
  },
  {
    section: 'Look',
    show: 'J',
    does: 'judges: who judged how much, how severe, and whose judgements tell nothing',
    hint: (state) => (state.tab === 'cost' ? 'judges' : undefined),
    where: isOnTab,
    each: { J: 'judges' },
    on: { J: { name: 'judges' } },
  },
  {
    section: 'Data',
    show: 'p',
    does: 'pause / resume',
    hint: 'pause',
    each: { p: 'pause, or resume' },
    on: { p: { name: 'pause' } },
  },
  {
    section: 'Data',
    show: 'y',
    does: 'copy the selected row, or the configuration that applies a recommendation',
    hint: 'copy',
    each: { y: 'copy what is selected' },
    on: { y: { name: 'copy' } },
  },
  {
    section: 'Program',
    show: ':',
    does: 'everything by its name: views, commands, models, task types, runs; type a part of it',
    hint: 'go to',
    on: { ':': { name: 'palette' }, 'ctrl-p': { name: 'palette' } },
  },
  {
    section: 'Program',
    show: '?',
    does: 'show help; ↑↓ and Enter do what a line says',
    hint: 'help',
    each: { '?': 'help' },
    on: { '?': { name: 'help' } },
  },
  {
    section: 'Program',
    show: 'q',
    does: 'quit; Ctrl+C too',
    hint: 'quit',
    each: { q: 'quit' },
    on: { q: { name: 'quit' }, 'ctrl-c': { name: 'quit' }, 'ctrl-d': { name: 'quit' } },
  },
  ...quietKeys,
];

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
