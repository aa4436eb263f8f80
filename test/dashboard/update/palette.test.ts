import { describe, expect, it } from 'vitest';
import { keymapBySection } from '../../../source/dashboard/keys/lookup.ts';
import { matchingItems } from '../../../source/dashboard/keys/palette.ts';
import { topView } from '../../../source/dashboard/state/state.ts';
import { emptyInsight, largeInsight, mockInsight } from '../../support/insight.ts';
import { runEvents, runState } from '../../support/runs.ts';
import { openSession } from '../../support/session.tsx';

const letters = (text: string): string[] => Array.from(text);

const open = () =>
  openSession({ insight: mockInsight(), runs: [runState(runEvents('p-8a01', 'The minutes'))] });

describe('the palette', () => {
  it('goes to a model by a part of its name, and Esc leads back', () => {
    const { press, state } = open();
    press('3', ':', ...letters('gmflash'), 'enter');
    expect(state().palette).toBeUndefined();
    expect(topView(state())).toMatchObject({ kind: 'model', model: 'gemini-flash' });
    press('escape');
    expect(state()).toMatchObject({ tab: 'cost', viewStack: [] });
  });

  it.each([
    ['overview', { tab: 'overview', viewStack: [] }],
    ['learning', { viewStack: [{ kind: 'learning' }] }],
    ['minutes', { tab: 'runs', viewStack: [{ kind: 'run', projectId: 'p-8a01' }] }],
    ['longer', { days: 90 }],
    ['help', { helpIndex: 0 }],
  ])('%s does what it names', (typed, expected) => {
    const { press, state } = open();
    press('4', ':', ...letters(typed), 'enter');
    expect(state()).toMatchObject(expected);
  });

  it('opens a task type where its models are', () => {
    const { press, state } = open();
    press(':', ...letters('summarize'), 'enter');
    expect(state().tab).toBe('routes');
    expect(topView(state())).toMatchObject({ kind: 'route', taskType: 'summarization' });
  });

  it('takes every key as text, moves by the arrows, and closes by Esc', () => {
    const { press, state } = open();
    press(':', 'q', '?', '1');
    expect(state().palette).toEqual({ typed: 'q?1', index: 0 });
    press('ctrl-u', 'down', 'down', 'up');
    expect(state().palette).toEqual({ typed: '', index: 1 });
    press('escape');
    expect(state().palette).toBeUndefined();
    expect(state().filter).toBe('');
  });

  it('keeps open and does nothing where nothing has that name', () => {
    const { press, state } = open();
    press(':', ...letters('zzzzqqq'), 'enter');
    expect(state().palette?.typed).toBe('zzzzqqq');
  });

  it('reaches every model, task type, run and piece of advice by its own name', () => {
    const { press, state } = openSession({ insight: largeInsight() });
    press(':');
    const everything = matchingItems(state());
    const kinds = new Set(everything.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['view', 'command', 'task type', 'model', 'advice']));
    for (const { label, kind } of everything) {
      const found = matchingItems({ ...state(), palette: { typed: `${label} ${kind}`, index: 0 } });
      expect(found.map((item) => item.label)).toContain(label);
    }
  });

  it('works without any data', () => {
    const { press, state } = openSession({ insight: emptyInsight() });
    press(':', ...letters('runs'), 'enter');
    expect(state().tab).toBe('runs');
  });
});

describe('the help', () => {
  it('does what its selected line says', () => {
    const { press, state } = open();
    const index = keymapBySection.findIndex(({ on }) => 'L' in on);
    press('?', ...Array.from({ length: index }, () => 'down'));
    expect(state().helpIndex).toBe(index);
    press('enter');
    expect(state().helpIndex).toBeUndefined();
    expect(topView(state())).toEqual({ kind: 'learning' });
  });

  it('says where a line does nothing', () => {
    const { press, state } = open();
    const index = keymapBySection.findIndex(({ on }) => '+' in on);
    press('?', ...Array.from({ length: index }, () => 'j'), 'enter');
    expect(state().message).toContain('does nothing here');
  });
});
