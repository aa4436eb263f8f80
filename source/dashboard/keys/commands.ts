import type { Tab } from '../state/state.ts';
import type { SortLetter } from '../tables/column.ts';

/** Everything that a key can ask for. */
export type Command =
  | { name: 'tab'; tab: Tab }
  | { name: 'next-tab' }
  | { name: 'previous-tab' }
  | { name: 'move'; by: number }
  | { name: 'move-page'; by: number }
  | { name: 'first' }
  | { name: 'last' }
  | { name: 'sideways'; by: 1 | -1 }
  | { name: 'open' }
  | { name: 'back' }
  /** Read why the open model is routed as it is. */
  | { name: 'why' }
  | { name: 'learning' }
  | { name: 'judges' }
  /** Search in what was written, and go to the next or last place. */
  | { name: 'search' }
  | { name: 'next-match'; by: 1 | -1 }
  /** Show the result file of the task in a program of the user's. */
  | { name: 'show-file' }
  /** Record that a result is good or bad; take that back. */
  | { name: 'verdict'; value: 0 | 1 }
  | { name: 'withdraw' }
  /** Open the column picker, or close it. */
  | { name: 'columns' }
  | { name: 'column-move'; by: number }
  | { name: 'column-toggle' }
  | { name: 'sort' }
  | { name: 'sort-direction' }
  /** Sort by the column of that letter; the other way round when it is in force. */
  | { name: 'sort-by'; letter: SortLetter }
  /** Show runs and tasks that came to nothing alone, or all again. */
  | { name: 'only-failed' }
  /** Mark the selected model or run, and put two that are marked side by side. */
  | { name: 'mark' }
  | { name: 'compare' }
  | { name: 'filter' }
  | { name: 'tolerance'; by: 1 | -1 }
  | { name: 'window'; by: 1 | -1 }
  | { name: 'pause' }
  | { name: 'refresh' }
  | { name: 'copy' }
  /** Copy the command that settles an advice. */
  | { name: 'settle' }
  | { name: 'export' }
  | { name: 'theme' }
  /** Sort, columns, window and theme as they were before anything was chosen. */
  | { name: 'reset' }
  | { name: 'help' }
  /** Open the list of everything that can be gone to or done. */
  | { name: 'palette' }
  | { name: 'redraw' }
  | { name: 'suspend' }
  | { name: 'quit' };
