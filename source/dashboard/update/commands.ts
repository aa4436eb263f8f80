import { formatPlural } from '../format/index.ts';
import type { Command } from '../keys/commands.ts';
import { themeNames } from '../theme/palette.ts';
import type { Effect, Update } from './action.ts';
import { judged, showFile } from './verdict.ts';
import { scrolled, scrollText, toMatch, withTexts } from './texts.ts';
import { atFirst, closeView, just, moved, open, openModelOfTask, toTab } from './opening.ts';
import { moveInColumnPicker, toggleColumnPicker, toggleColumn } from './column-picker.ts';
import { activeList, selectedId } from '../state/lists.ts';
import { defaultColumns } from '../state/columns.ts';
import { overviewPanes } from '../layout/screen.ts';
import { compare, toggleMark } from './comparing.ts';
import { allOf, onlyFailed, sorted, sortedBy } from './sorting.ts';
import { seriesNames, tabs, topView, windowSteps, type AppState } from '../state/state.ts';
import { spendDimensions } from '../tables/spend-rows.ts';
import { settlingOf } from '../state/settling.ts';
import { textToCopy } from '../state/copying.ts';

type CommandOf<Name extends Command['name']> = Extract<Command, { name: Name }>;

/** What each command makes of a state, and what is to be done outside. */
const meanings: {
  [Name in Command['name']]: (state: AppState, command: CommandOf<Name>) => Update;
} = {
  tab: (state, { tab }) => toTab(state, tab),
  'next-tab': (state) => toTab(state, around(tabs, state.tab, 1)),
  'previous-tab': (state) => toTab(state, around(tabs, state.tab, -1)),
  move: (state, { by }) => just(movedBy(state, by)),
  'move-page': (state, { by }) => just(pagedBy(state, by * Math.max(1, state.size.rows - 8))),
  first: (state) => just(toFirst(state)),
  last: (state) => just(pagedBy(state, Number.POSITIVE_INFINITY)),
  sideways: (state, { by }) => just(sideways(state, by)),
  open,
  back,
  search: (state) => just(withTexts(state, { isTyping: true, search: '' })),
  'next-match': (state, { by }) => just(toMatch(state, by, 'next')),
  'show-file': showFile,
  verdict: (state, { value }) => judged(state, value),
  withdraw: (state) => judged(state, null),
  judges: (state) => just({ ...state, viewStack: [{ kind: 'judges' }] }, { type: 'read-judges' }),
  why,
  learning: (state) => just({ ...state, viewStack: [{ kind: 'learning' }] }),
  columns: (state) => just(toggleColumnPicker(state)),
  'column-move': (state, { by }) => just(moveInColumnPicker(state, by)),
  'column-toggle': toggleColumn,
  sort: (state) => sorted(state, 'sort'),
  'sort-direction': (state) => sorted(state, 'sort-direction'),
  'sort-by': (state, { letter }) => sortedBy(state, letter),
  'only-failed': (state) => just(onlyFailed(state)),
  mark: (state) => just(toggleMark(state)),
  compare,
  filter: (state) => just({ ...state, isFiltering: true }),
  tolerance: (state, { by }) => just(state, { type: 'ask-what-if', steps: by }),
  window: (state, { by }) => withWindow(state, by),
  pause(state) {
    const isPaused = !state.isPaused;
    return isPaused ? just({ ...state, isPaused }) : just({ ...state, isPaused }, { type: 'read' });
  },
  refresh: (state) => just(state, { type: 'read' }, { type: 'list-runs' }),
  settle(state) {
    const settling = settlingOf(state);
    if (settling === undefined) return just(state);
    return just(state, { type: 'copy', text: settling.command, what: 'the command' });
  },
  copy(state) {
    const effects = copied(state);
    return effects.length > 0
      ? just(state, ...effects)
      : just({ ...state, message: 'Nothing is selected here that could be copied.' });
  },
  export: (state) => just(state, { type: 'export' }),
  theme(state) {
    const theme = around(themeNames, state.theme, 1);
    const message = `Theme: ${theme}.`;
    return just({ ...state, theme, message, isThemeChosen: true }, { type: 'save-preferences' });
  },
  reset,
  help: (state) => just({ ...state, helpIndex: 0 }),
  palette: (state) => just({ ...state, palette: { typed: '', index: 0 } }),
  redraw: (state) => just(state, { type: 'redraw' }),
  suspend: (state) => just(state, { type: 'suspend' }),
  quit: (state) => just(state, { type: 'quit' }),
};

/** The next state after a command, and what is to be done outside. */
export function applyCommand<Name extends Command['name']>(
  state: AppState,
  command: { [Each in Name]: CommandOf<Each> }[Name],
): Update {
  return meanings[command.name](state, command);
}

function withWindow(state: AppState, by: 1 | -1): Update {
  const days = step(windowSteps, state.days, by);
  if (days === state.days) {
    const message = `No window is ${by === 1 ? 'longer' : 'shorter'} than ${formatPlural(days, 'day')}.`;
    return just({ ...state, message });
  }
  return just({ ...state, days }, { type: 'read' }, { type: 'save-preferences' });
}

/** All that was chosen as it was at first. */
function reset(state: AppState): Update {
  return just(
    {
      ...state,
      sorts: {},
      columns: defaultColumns,
      days: state.defaultDays,
      isThemeChosen: false,
      message: 'Sort, columns, window and theme are as at first.',
    },
    { type: 'forget-preferences' },
    { type: 'ask-background' },
    { type: 'read' },
  );
}

function around<Item>(items: readonly Item[], current: Item, by: 1 | -1): Item {
  const index = (items.indexOf(current) + by + items.length) % items.length;
  return items[index] ?? current;
}

/** The next larger or smaller step; from a number between two steps to the nearer side asked for. */
function step(steps: readonly number[], current: number, by: 1 | -1): number {
  const next =
    by === 1 ? steps.find((days) => days > current) : steps.findLast((days) => days < current);
  return next ?? current;
}

/** In a list, or in a text. */
function movedBy(state: AppState, by: number): AppState {
  if (topView(state)?.kind === 'texts') return scrolled(state, by);
  return activeList(state) === undefined ? scrollText(state, by) : moved(state, by);
}

/** In a text, even where single steps go through a list: on a task a page never leads to another one. */
const pagedBy = (state: AppState, by: number): AppState =>
  state.scroll === undefined && topView(state)?.kind !== 'task'
    ? movedBy(state, by)
    : scrollText(state, by);

/** To the beginning of a text; in a list to its first row, where the cursor stays as if it had never been moved. */
function toFirst(state: AppState): AppState {
  const before = pagedBy(state, Number.NEGATIVE_INFINITY);
  const list = activeList(state);
  return list === undefined || list === 'tasks' || state.scroll !== undefined
    ? before
    : atFirst(before);
}

function sideways(state: AppState, by: 1 | -1): AppState {
  const view = topView(state);
  if (view?.kind === 'model') {
    const series = around(seriesNames, view.series, by);
    return { ...state, viewStack: [...state.viewStack.slice(0, -1), { ...view, series }] };
  }
  if (view?.kind === 'compare') {
    const side = view.side === 0 ? 1 : 0;
    return { ...state, viewStack: [...state.viewStack.slice(0, -1), { ...view, side }] };
  }
  if (view?.kind === 'route') {
    const part = view.part === 'models' ? 'tasks' : 'models';
    return { ...state, viewStack: [...state.viewStack.slice(0, -1), { ...view, part }] };
  }
  if (view?.kind === 'run' || view?.kind === 'task') return moved(state, by);
  if (state.tab === 'cost') {
    const { spend: _, ...selections } = state.selections;
    return { ...state, selections, spendBy: around(spendDimensions, state.spendBy, by) };
  }
  return { ...state, pane: around(overviewPanes, state.pane, by) };
}

/** Why the open or the selected model is routed as it is, or the selected route; of a task, its model. */
function why(state: AppState): Update {
  if (topView(state)?.kind === 'model') return just(toWhy(state));
  const list = activeList(state);
  if (list === 'tasks') return openModelOfTask(state);
  const opened = open(state);
  return list === 'leaders' || list === 'routes'
    ? opened
    : { ...opened, state: toWhy(opened.state) };
}

/** Keys move in why the model is routed as it is, or again in what it did. */
function toWhy(state: AppState): AppState {
  const view = topView(state);
  if (view?.kind !== 'model') return state;
  const part = view.part === 'tasks' ? 'why' : 'tasks';
  return { ...state, viewStack: [...state.viewStack.slice(0, -1), { ...view, part }] };
}

/** One step back: out of a what-if, out of the filter of a run's tasks, out of a detail, out of the filter. */
function back(state: AppState): Update {
  if (state.whatIf !== undefined) {
    const { whatIf: _, ...rest } = state;
    return just(rest);
  }
  const top = topView(state);
  if (top?.kind === 'model' && top.part === 'why') return just(toWhy(state));
  const isFiltered = (top?.kind === 'run' || top?.kind === 'route') && state.filter !== '';
  if (isFiltered) return just({ ...state, filter: '' });
  if (top?.kind === 'run' && state.onlyFailed.tasks === true) return just(allOf(state, 'tasks'));
  if (state.viewStack.length > 0) return closeView(state);
  return just(allOf({ ...state, filter: '' }, 'runs'));
}

function copied(state: AppState): Effect[] {
  const view = topView(state);
  if (view?.kind === 'evidence') {
    return [{ type: 'copy-configuration', recommendation: view.recommendation }];
  }
  const list = activeList(state);
  const id = list === undefined ? undefined : selectedId(state, list);
  if (list === 'recommendations' && id !== undefined) {
    return [{ type: 'copy-configuration', recommendation: id }];
  }
  const text = textToCopy(state);
  return text === undefined ? [] : [{ type: 'copy', ...text }];
}
