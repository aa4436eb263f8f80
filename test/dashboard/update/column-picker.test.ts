import { describe, expect, it } from 'vitest';
import { defaultColumns, rankingNames } from '../../../source/dashboard/state/columns.ts';
import { emptyInsight, mockInsight } from '../../support/insight.ts';
import { openSession } from '../../support/session.tsx';

const open = () => openSession({ insight: mockInsight() });

/** The keys that move the column picker to a column from the first. */
const to = (name: (typeof rankingNames)[number]): string[] =>
  Array.from({ length: rankingNames.indexOf(name) }, () => 'down');

describe('the column picker', () => {
  it('opens by c over the rankings, and closes by c and by Esc', () => {
    const { press, state } = open();
    press('right', 'c');
    expect(state()).toMatchObject({ pane: 'rankings', pickerIndex: 0 });
    press('c');
    expect(state().pickerIndex).toBeUndefined();
    press('c', 'escape');
    expect(state().pickerIndex).toBeUndefined();
  });

  it('is of the overview alone, and only where there are rankings', () => {
    const { press, state } = open();
    press('2', 'c');
    expect(state().pickerIndex).toBeUndefined();
    press('1', 'enter', 'c');
    expect(state().pickerIndex).toBeUndefined();
    const empty = openSession({ insight: emptyInsight() });
    empty.press('c');
    expect(empty.state().pickerIndex).toBeUndefined();
  });

  it('moves by the arrows and stops at the ends', () => {
    const { press, state } = open();
    press('c', 'up');
    expect(state().pickerIndex).toBe(0);
    press('down', 'j', 'k');
    expect(state().pickerIndex).toBe(1);
    press('G', 'down');
    expect(state().pickerIndex).toBe(rankingNames.length - 1);
  });

  it('shows and hides by Space and by Enter, in the order of the table', () => {
    const { press, state } = open();
    press('c', ...to('success'), ' ', 'home', ...to('spark'), 'enter');
    expect(state().columns).toEqual(
      rankingNames.filter(
        (name) => name === 'success' || (defaultColumns.includes(name) && name !== 'spark'),
      ),
    );
    press(' ', ...to('success'), ' ');
    expect(state().columns).toEqual(defaultColumns);
  });

  it('keeps the last column of numbers, and says so', () => {
    const { press, state } = open();
    press('c', ...to('value'), ' ', 'home', ...to('calls'), ' ', 'home', ...to('cost'), ' ');
    press('home', ...to('quality'), ' ');
    expect(state().columns).toContain('quality');
    expect(state().message).toBe('At least one numeric column is required.');
    press('home', ...to('latency'), ' ', 'home', ...to('quality'), ' ');
    expect(state().columns).toEqual([
      'spark',
      'trend',
      'confidence',
      'live',
      'latency',
      'interval',
    ]);
  });

  it('leaves the other keys without effect, and the program its own', () => {
    const { press, state, asked } = open();
    press('c', '2', '/', 's', ']', 'p', 'e');
    expect(state()).toMatchObject({
      tab: 'overview',
      isFiltering: false,
      sorts: {},
      days: 30,
      isPaused: false,
      pickerIndex: 0,
    });
    press('?');
    expect(state().helpIndex).toBe(0);
    press('x', 'q');
    expect(asked).toEqual(['quit']);
  });
});

describe('sorting', () => {
  it('comes to the columns that are shown, the new ones too', () => {
    const { press, state } = open();
    press('c', ...to('latency'), ' ', 'home', ...to('quality'), ' ', 'c');
    const seen = ['s', 's', 's', 's', 's', 's'].map((key) => {
      press(key);
      return state().sorts.rankings?.column;
    });
    expect(seen).toEqual(['cost', 'calls', 'trend', 'latency', 'model', 'value']);
  });

  it('goes on from a column that was hidden meanwhile', () => {
    const { press, state } = open();
    press('s', 'c', ...to('quality'), ' ', 'c');
    expect(state().sorts.rankings?.column).toBe('quality');
    press('s');
    expect(state().sorts.rankings?.column).toBe('cost');
  });
});
