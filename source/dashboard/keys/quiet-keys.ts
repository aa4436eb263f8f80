import type { Binding } from './binding.ts';
import { canMove, isOnTask } from './places.ts';

/** What the footer leaves out: keys that people know, and those that are seldom needed. */
export const quietKeys: readonly Binding[] = [
  {
    section: 'Move',
    show: 'Tab 1–5',
    showAscii: 'Tab 1-5',
    does: 'go to the next tab, to a tab by its number; Shift+Tab goes back',
    each: { '1': 'Overview', '2': 'Routes', '3': 'Cost', '4': 'Recommendations', '5': 'Runs' },
    on: {
      tab: { name: 'next-tab' },
      'shift-tab': { name: 'previous-tab' },
      '1': { name: 'tab', tab: 'overview' },
      '2': { name: 'tab', tab: 'routes' },
      '3': { name: 'tab', tab: 'cost' },
      '4': { name: 'tab', tab: 'recommendations' },
      '5': { name: 'tab', tab: 'runs' },
    },
  },
  {
    section: 'Move',
    show: 'g G',
    does: 'the first or the last row',
    where: (state) => canMove(state) && !isOnTask(state),
    on: { g: { name: 'first' }, G: { name: 'last' } },
  },
  {
    section: 'Move',
    show: 'Home End',
    does: 'the same, where g is a verdict too',
    where: canMove,
    on: { home: { name: 'first' }, end: { name: 'last' } },
  },
  {
    section: 'Data',
    show: 'r',
    does: 'refresh',
    each: { r: 'refresh' },
    on: { r: { name: 'refresh' } },
  },
  {
    section: 'Data',
    show: 'e',
    does: 'save what this view shows as JSON in the current folder',
    each: { e: 'save this view as JSON' },
    on: { e: { name: 'export' } },
  },
  {
    section: 'Program',
    show: 't',
    does: 'theme: dark, light, plain',
    each: { t: 'theme: dark, light, plain' },
    on: { t: { name: 'theme' } },
  },
  {
    section: 'Program',
    show: '0',
    does: 'forget what is remembered: sort, columns, window, theme',
    each: { '0': 'reset: sort, columns, window and theme as at first' },
    on: { '0': { name: 'reset' } },
  },
  {
    section: 'Program',
    show: 'Ctrl+L',
    does: 'draw the screen anew',
    each: { 'ctrl-l': 'draw the screen anew' },
    on: { 'ctrl-l': { name: 'redraw' } },
  },
  {
    section: 'Program',
    show: 'Ctrl+Z',
    does: 'suspend; `fg` comes back',
    on: { 'ctrl-z': { name: 'suspend' } },
  },
];
