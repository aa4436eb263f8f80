import type { Tab } from '../state/state.ts';

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
  | { name: 'learning' }
  /** Open the column picker, or close it. */
  | { name: 'columns' }
  | { name: 'column-move'; by: number }
  | { name: 'column-toggle' }
  | { name: 'sort' }
  | { name: 'sort-direction' }
  | { name: 'filter' }
  | { name: 'tolerance'; by: 1 | -1 }
  | { name: 'window'; by: 1 | -1 }
  | { name: 'pause' }
  | { name: 'refresh' }
  | { name: 'copy' }
  | { name: 'export' }
  | { name: 'theme' }
  | { name: 'help' }
  /** Open the list of everything that can be gone to or done. */
  | { name: 'palette' }
  | { name: 'redraw' }
  | { name: 'suspend' }
  | { name: 'quit' };
