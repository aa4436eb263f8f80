import type { Binding } from './binding.ts';

/** The keys of the column picker: while it is open they come in place of most others. */
export const columnPickerKeys: readonly Binding[] = [
  {
    section: 'Move',
    show: '↑↓ j k',
    showAscii: 'j k',
    does: 'select a column',
    hint: 'select',
    on: {
      up: { name: 'column-move', by: -1 },
      down: { name: 'column-move', by: 1 },
      k: { name: 'column-move', by: -1 },
      j: { name: 'column-move', by: 1 },
      home: { name: 'column-move', by: Number.NEGATIVE_INFINITY },
      end: { name: 'column-move', by: Number.POSITIVE_INFINITY },
      g: { name: 'column-move', by: Number.NEGATIVE_INFINITY },
      G: { name: 'column-move', by: Number.POSITIVE_INFINITY },
    },
  },
  {
    section: 'Look',
    show: 'Space',
    does: 'show or hide the selected column; Enter too',
    hint: 'show or hide',
    on: { ' ': { name: 'column-toggle' }, enter: { name: 'column-toggle' } },
  },
  {
    section: 'Move',
    show: 'Esc',
    does: 'close the column picker; c too',
    hint: 'close',
    on: { escape: { name: 'columns' }, backspace: { name: 'columns' }, c: { name: 'columns' } },
  },
];
