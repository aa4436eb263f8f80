import { describe, expect, it } from 'vitest';
import type { Insight, Recommendation } from '../../../source/domain/insight.ts';
import {
  selectedId,
  selectedIndex,
  visibleRecommendations,
} from '../../../source/dashboard/state/lists.ts';
import { largeInsight, mockInsight } from '../../support/insight.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const reversed = (insight: Insight): Insight => ({
  ...insight,
  rankings: insight.rankings.map((row, index) => ({ ...row, valueScore: index * 100 })),
});

describe('the selection', () => {
  it('stays on the same model when the order changes', () => {
    const { press, state, read } = openSession({ insight: mockInsight() });
    press('down');
    expect(selectedId(state(), 'rankings')).toBe('deepseek-chat');
    read({ status: 'ready', insight: reversed(mockInsight()) });
    expect(selectedId(state(), 'rankings')).toBe('deepseek-chat');
  });

  it('is on the first row, whichever that is, until a key moves it', () => {
    const { press, state, read } = openSession();
    read({ status: 'ready', insight: mockInsight() });
    expect(selectedId(state(), 'rankings')).toBe('gemini-flash');
    read({ status: 'ready', insight: reversed(mockInsight()) });
    expect(selectedId(state(), 'rankings')).toBe('gpt-4o');
    press('down', 'home');
    read({ status: 'ready', insight: mockInsight() });
    expect(selectedId(state(), 'rankings')).toBe('gemini-flash');
  });

  it('stays on what was opened, whatever comes in above it meanwhile', () => {
    const { press, state, read } = openSession({ insight: mockInsight() });
    press('enter');
    read({ status: 'ready', insight: reversed(mockInsight()) });
    press('escape');
    expect(selectedId(state(), 'rankings')).toBe('gemini-flash');
  });

  it.each([[['V']], [['s']], [['S']], [['/', 'o']], [['/', 'o', 'escape']]])(
    'begins at the first row again after %j',
    (keys) => {
      const { press, state } = openSession({ insight: mockInsight() });
      press('down', 'down', ...keys);
      expect(selectedIndex(state(), 'rankings')).toBe(0);
    },
  );

  it('goes to the neighbour in its place when the model disappears', () => {
    const { press, state, read } = openSession({ insight: mockInsight() });
    press('down');
    const insight = mockInsight();
    const rankings = insight.rankings.filter(({ model }) => model !== 'deepseek-chat');
    read({ status: 'ready', insight: { ...insight, rankings } });
    expect(selectedId(state(), 'rankings')).toBe('deepseek-reasoner');
  });

  it('stops at the ends, and moves by pages', () => {
    const { press, state } = openSession({ insight: largeInsight(), rows: 28 });
    press('up');
    expect(state().selections.rankings?.index).toBe(0);
    press('pagedown', 'pagedown');
    expect(state().selections.rankings?.index).toBe(40);
    press('pageup');
    expect(state().selections.rankings?.index).toBe(20);
    press('G');
    expect(state().selections.rankings?.index).toBe(199);
    press('down', 'g');
    expect(selectedIndex(state(), 'rankings')).toBe(0);
  });
});

describe('the view stack', () => {
  it('go down by Enter and up by Esc, one at a time', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('down', 'enter', 'down', 'enter');
    expect(state().viewStack.map(({ kind }) => kind)).toEqual(['model', 'event']);
    press('escape');
    expect(state().viewStack.map(({ kind }) => kind)).toEqual(['model']);
    press('escape', 'escape');
    expect(state().viewStack).toEqual([]);
    expect(state().openModel).toBeUndefined();
  });

  it('open the route of a leader, a model that was paid, a route and its models', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('right', 'down', 'enter');
    expect(state().viewStack).toMatchObject([{ kind: 'route', taskType: 'code_review' }]);
    press('3', 'down', 'enter');
    expect(state().viewStack).toMatchObject([{ kind: 'model', model: 'gpt-4o' }]);
    press('2', 'down', 'enter', 'down', 'enter');
    expect(state().viewStack).toMatchObject([
      { kind: 'route', taskType: 'complex_reasoning' },
      { kind: 'model', model: 'gpt-4o' },
    ]);
    press('4', 'enter');
    expect(state().viewStack).toMatchObject([{ kind: 'evidence' }]);
    press('enter');
    expect(state().viewStack).toMatchObject([{ kind: 'evidence' }, { kind: 'route' }]);
    press('1', 'L');
    expect(state().viewStack).toEqual([{ kind: 'learning' }]);
  });

  it('offer the command that settles an advice, with what it is likely to cost', async () => {
    const insight = mockInsight();
    const advice: Recommendation = {
      kind: 'promising',
      taskType: 'code_review',
      model: 'gpt-4o',
      alternative: 'gemini-flash',
      evidence: { n: 60, probability: 0.86, moreNeeded: 140, moreCostUsd: 3 },
      message:
        'gemini-flash may do code review tasks as well: orchestrator compare gpt-4o gemini-flash --type code_review --tasks 140 --simulate',
    };
    const session = openSession({ insight: { ...insight, recommendations: [advice] } });
    session.press('4', 'c');
    expect(session.state().message).toContain('the command');
    session.press('enter');
    expect(session.state().message).toBeUndefined();
    const shown = (await screenOf(session.state())).join('\n');
    expect(shown).toMatch(/140 tasks at most, likely \$3\.00 with judges/);
    const command =
      'orchestrator compare gpt-4o gemini-flash --type code_review --tasks 140 --simulate';
    expect(shown).toContain(command);
    session.press('c');
    expect(session.state().message).toContain('the command');
  });

  it('keep an open model current when data changes', () => {
    const { press, state, read } = openSession({ insight: mockInsight() });
    press('enter');
    const before = state().openModel;
    read({ status: 'ready', insight: mockInsight() });
    expect(state().openModel).not.toBe(before);
    expect(state().openModel?.detail.model).toBe('gemini-flash');
  });

  it('go through the series of a model', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('enter', 'right', 'right');
    expect(state().viewStack).toMatchObject([{ series: 'cost' }]);
    press('left', 'h', 'h');
    expect(state().viewStack).toMatchObject([{ series: 'success' }]);
  });
});

describe('filter and sort', () => {
  it('takes pasted text into an open filter as one line, and nowhere else', () => {
    const { store, press, state } = openSession({ insight: mockInsight() });
    const before = state();
    store.dispatch({ type: 'paste', text: '2q' });
    expect(state()).toBe(before);
    press('/', 'd');
    store.dispatch({ type: 'paste', text: 'eep\r\n\u001B[31mseek\u0007 ' });
    expect(state()).toMatchObject({ filter: 'deep seek', isFiltering: true });
    store.dispatch({ type: 'paste', text: 'x'.repeat(1000) });
    expect(state().filter).toHaveLength(200);
  });

  it('keeps rows that contain the text, and Esc brings all back', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('/', 'd', 'e', 'e', 'p', 'x', 'backspace', 'enter', 'down', 'down');
    expect(state()).toMatchObject({ filter: 'deep', isFiltering: false });
    expect(selectedId(state(), 'rankings')).toBe('deepseek-reasoner');
    press('escape');
    expect(state().filter).toBe('');
  });

  it('takes letters as text while it is typed, not as commands', () => {
    const { press, state, asked } = openSession({ insight: mockInsight() });
    press('/', 'q', '1', '?');
    expect(state().filter).toBe('q1?');
    expect(asked).toEqual([]);
    press('ctrl-u', 'escape');
    expect(state()).toMatchObject({ filter: '', isFiltering: false });
  });

  it('goes through the columns and turns round', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('s');
    expect(state().sorts.rankings).toEqual({ column: 'quality', descending: true });
    press('s', 'S');
    expect(state().sorts.rankings).toEqual({ column: 'cost', descending: true });
    press('s', 's', 's', 's');
    expect(state().sorts.rankings).toEqual({ column: 'value', descending: true });
  });
});

describe('window, pause, theme, help', () => {
  it('steps through the windows and stops at the ends', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press(']', ']', ']', ']');
    expect(state().days).toBe(365);
    expect(state().insight?.window.days).toBe(365);
    press('[', '[', '[', '[', '[');
    expect(state().days).toBe(1);
  });

  it('pauses and goes on', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('p');
    expect(state().isPaused).toBe(true);
    press('p');
    expect(state().isPaused).toBe(false);
  });

  it('goes by the terminal’s background until a theme is chosen, and says what is chosen', () => {
    const { press, state, store } = openSession({ insight: mockInsight() });
    store.dispatch({ type: 'background', isLight: true });
    expect(state().theme).toBe('light');
    press('t');
    expect(state()).toMatchObject({ theme: 'plain', message: 'Theme: plain.' });
    store.dispatch({ type: 'background', isLight: false });
    expect(state().theme).toBe('plain');
  });

  it('changes the theme in a circle', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    const seen = ['t', 't', 't'].map((key) => {
      press(key);
      return state().theme;
    });
    expect(seen).toEqual(['light', 'plain', 'dark']);
  });

  it('closes the help by any key, and quits from it', () => {
    const { press, state, asked } = openSession({ insight: mockInsight() });
    press('?', 'x');
    expect(state().helpIndex).toBeUndefined();
    expect(selectedIndex(state(), 'rankings')).toBe(0);
    press('?', 'q');
    expect(asked).toEqual(['quit']);
  });

  it('goes through the help by pages too, and stays within it', () => {
    const { press, state } = openSession({ insight: mockInsight(), rows: 24 });
    press('?', 'pagedown');
    expect(state().helpIndex).toBe(18);
    press('pageup', 'pageup');
    expect(state().helpIndex).toBe(0);
  });

  it('goes through the tabs in a circle', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('shift-tab');
    expect(state().tab).toBe('runs');
    press('tab', 'tab');
    expect(state().tab).toBe('routes');
  });

  it('asks for what only the terminal can do', () => {
    const { press, asked } = openSession({ insight: mockInsight() });
    press('ctrl-z', 'ctrl-l', 'ctrl-c');
    expect(asked).toEqual(['suspend', 'redraw', 'quit']);
  });
});

describe('what if', () => {
  it('moves the tolerance, tells the routes and the month, and Esc ends it', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('2', '+', '+', '+');
    expect(state().whatIf).toMatchObject({
      tolerance: 0.08,
      inForce: 0.05,
      changes: [{ taskType: 'code_review', before: 'claude-opus', after: 'claude-sonnet' }],
    });
    const { monthBeforeUsd = 0, monthAfterUsd = 0 } = state().whatIf ?? {};
    expect(monthBeforeUsd - monthAfterUsd).toBeCloseTo(78 * (0.0032 - 0.0021));
    press('-');
    expect(state().whatIf?.tolerance).toBe(0.07);
    press('escape');
    expect(state().whatIf).toBeUndefined();
  });

  it.each([60, 80, 120])(
    'says in %d columns, uncut, what assumed models come to',
    async (columns) => {
      const { press, state } = openSession({ insight: mockInsight(), columns, rows: 24 });
      press('2', '+');
      const { whatIf } = state();
      if (whatIf === undefined) throw new Error('no what-if');
      const assumed = { ...state(), whatIf: { ...whatIf, isAssumed: true } };
      const title = (await screenOf(assumed)).find((line) => line.includes('WHAT IF')) ?? '';
      expect(title).toMatch(/WHAT IF {2}as if .*[a-z] ─+ \+ - {3}Esc ends ╮/);
      expect(title).not.toContain('…');
    },
  );

  it('tells the difference of the two amounts as they stand beside it', async () => {
    const { press, state } = openSession({ insight: mockInsight(), columns: 120 });
    press('2', '+');
    const { whatIf } = state();
    if (whatIf === undefined) throw new Error('no what-if');
    const months = { monthPaidUsd: 12, monthBeforeUsd: 11.3349, monthAfterUsd: 10.6951 };
    const screen = (await screenOf({ ...state(), whatIf: { ...whatIf, ...months } })).join('\n');
    expect(screen).toContain('$11.33 → $10.70 (−$0.63) a month');
  });

  it('says why where it cannot be', () => {
    const { press, state } = openSession({
      insight: mockInsight(),
      options: { explain: () => undefined },
    });
    press('2', '+');
    expect(state().message).toMatch(/No what-if/);
  });
});

describe('copying', () => {
  const copied = (asked: readonly string[]): string =>
    Buffer.from(/52;c;([\w+/=]*)/.exec(asked.at(-1) ?? '')?.[1] ?? '', 'base64').toString();

  it.each([
    [['y'], 'gemini-flash  value 2.85  quality 0.798  $0.18/k  41 calls  WARM'],
    [['right', 'y'], 'code_gen  deepseek-chat  value 1.86  quality 0.910  $0.39/k  140 calls  HOT'],
    [
      ['2', 'y'],
      'code_gen  deepseek-chat  50% of tasks  quality 0.889–0.931  $0.00117 a task  $99.66 spent',
    ],
    [['2', 'down', 'enter', 'y'], '#1  deepseek-reasoner  quality 0.930  88 calls'],
    [
      ['enter', 'y'],
      '2026-03-01 12:00  run-48  t00  summarize  gemini-flash  0.82  $0.00035  1 iteration',
    ],
    [
      ['enter', 'enter', 'y'],
      '2026-03-01 12:00  run-48  t00  summarize  gemini-flash  0.82  $0.00035  1 iteration',
    ],
  ])('%s copies the row', (keys, expected) => {
    const { press, asked } = openSession({ insight: mockInsight() });
    press(...keys);
    expect(copied(asked)).toBe(expected);
  });

  it('copies the message of a recommendation without configuration', () => {
    const { press, asked, state } = openSession({ insight: mockInsight() });
    press('4', 'enter', 'y');
    expect(copied(asked)).toBe(visibleRecommendations(state())[0]?.message);
  });

  it('says so when a file cannot be written', () => {
    const { press, state } = openSession({ insight: mockInsight() });
    press('e');
    expect(state().message).toMatch(/^Not saved: /);
  });
});

it('shows the advice of the overview from its start, whatever was read of it elsewhere', async () => {
  const session = openSession({ insight: mockInsight(), columns: 80, rows: 24 });
  session.press('2', '1');
  const fresh = await screenOf(session.state());
  session.press('4', 'down', 'enter', 'escape', '1');
  expect(await screenOf(session.state())).toEqual(fresh);
});
