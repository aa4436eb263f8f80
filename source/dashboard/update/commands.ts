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

/** The next state after a command, and what is to be done outside. */
export function applyCommand(state: AppState, command: Command): Update {
  switch (command.name) {
    case 'tab': {
      return toTab(state, command.tab);
    }
    case 'next-tab': {
      return toTab(state, around(tabs, state.tab, 1));
    }
    case 'previous-tab': {
      return toTab(state, around(tabs, state.tab, -1));
    }
    case 'move': {
      return just(movedBy(state, command.by));
    }
    case 'move-page': {
      return just(pagedBy(state, command.by * Math.max(1, state.size.rows - 8)));
    }
    case 'first': {
      return just(toFirst(state));
    }
    case 'last': {
      return just(pagedBy(state, Number.POSITIVE_INFINITY));
    }
    case 'sideways': {
      return just(sideways(state, command.by));
    }
    case 'open': {
      return open(state);
    }
    case 'back': {
      return back(state);
    }
    case 'search': {
      return just(withTexts(state, { isTyping: true, search: '' }));
    }
    case 'next-match': {
      return just(toMatch(state, command.by, 'next'));
    }
    case 'show-file': {
      return showFile(state);
    }
    case 'verdict':
    case 'withdraw': {
      return judged(state, command.name === 'verdict' ? command.value : null);
    }
    case 'judges': {
      return just({ ...state, viewStack: [{ kind: 'judges' }] }, { type: 'read-judges' });
    }
    case 'why': {
      return why(state);
    }
    case 'learning': {
      return just({ ...state, viewStack: [{ kind: 'learning' }] });
    }
    case 'columns': {
      return just(toggleColumnPicker(state));
    }
    case 'column-move': {
      return just(moveInColumnPicker(state, command.by));
    }
    case 'column-toggle': {
      return toggleColumn(state);
    }
    case 'sort':
    case 'sort-direction': {
      return sorted(state, command.name);
    }
    case 'sort-by': {
      return sortedBy(state, command.letter);
    }
    case 'only-failed': {
      return just(onlyFailed(state));
    }
    case 'mark': {
      return just(toggleMark(state));
    }
    case 'compare': {
      return compare(state);
    }
    case 'filter': {
      return just({ ...state, isFiltering: true });
    }
    case 'tolerance': {
      return just(state, { type: 'ask-what-if', steps: command.by });
    }
    case 'window': {
      const days = step(windowSteps, state.days, command.by);
      if (days === state.days) {
        const message = `No window is ${command.by === 1 ? 'longer' : 'shorter'} than ${formatPlural(days, 'day')}.`;
        return just({ ...state, message });
      }
      return just({ ...state, days }, { type: 'read' }, { type: 'save-preferences' });
    }
    case 'pause': {
      const isPaused = !state.isPaused;
      return isPaused
        ? just({ ...state, isPaused })
        : just({ ...state, isPaused }, { type: 'read' });
    }
    case 'refresh': {
      return just(state, { type: 'read' }, { type: 'list-runs' });
    }
    case 'settle': {
      const settling = settlingOf(state);
      if (settling === undefined) return just(state);
      return just(state, { type: 'copy', text: settling.command, what: 'the command' });
    }
    case 'copy': {
      const effects = copied(state);
      return effects.length > 0
        ? just(state, ...effects)
        : just({ ...state, message: 'Nothing is selected here that could be copied.' });
    }
    case 'export': {
      return just(state, { type: 'export' });
    }
    case 'theme': {
      const theme = around(themeNames, state.theme, 1);
      const message = `Theme: ${theme}.`;
      return just({ ...state, theme, message, isThemeChosen: true }, { type: 'save-preferences' });
    }
    case 'reset': {
      const { sorts: _, ...rest } = state;
      return just(
        {
          ...rest,
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
    case 'help': {
      return just({ ...state, helpIndex: 0 });
    }
    case 'palette': {
      return just({ ...state, palette: { typed: '', index: 0 } });
    }
    case 'redraw': {
      return just(state, { type: 'redraw' });
    }
    case 'suspend': {
      return just(state, { type: 'suspend' });
    }
    case 'quit': {
      return just(state, { type: 'quit' });
    }
  }
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
