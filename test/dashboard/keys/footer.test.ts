import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DashboardOptions } from '../../../source/dashboard/options.ts';
import { hintsFor } from '../../../source/dashboard/keys/lookup.ts';
import { keymap } from '../../../source/dashboard/keys/keymap.ts';
import { topView, type AppState } from '../../../source/dashboard/state/state.ts';
import { update } from '../../../source/dashboard/update/update.ts';
import { digestOf, type RunReport } from '../../../source/domain/run-report.ts';
import type { RunState } from '../../../source/domain/run-state.ts';
import { largeInsight, mockInsight, oneModelInsight } from '../../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../../support/run-story.ts';
import { runState } from '../../support/runs.ts';
import { openSession, type Session, type SessionOptions } from '../../support/session.tsx';

/** A run as its journal tells it; `file`: where its results lie. */
const read = (state: RunState, file: string | null): { state: RunState; report: RunReport } => ({
  state,
  report: {
    overview: { projectId: state.projectId, ...digestOf(state), status: 'running' },
    project: '',
    criteria: '',
    simulated: false,
    resumable: false,
    journal: '',
    resultsFolder: '',
    tasks: [...state.tasks.values()].map(({ id, type, status, costUsd }) => ({
      taskId: id,
      taskType: type,
      status,
      model: null,
      reviewer: null,
      score: null,
      costUsd,
      inputTokens: null,
      outputTokens: null,
      attempts: [],
      file,
    })),
  },
});

const running = runState(runStory());
const over = runState(storyEnds(storyGoesOn(runStory())));
const archive = (state: RunState, file: string | null): Partial<DashboardOptions> => ({
  runArchive: { list: () => [], read: () => read(state, file) },
});

const histories: Record<string, SessionOptions> = {
  'no database': {},
  'nothing configured': { insight: mockInsight(), options: { explain: () => undefined } },
  'the mock': {
    insight: mockInsight(),
    runs: [running],
    options: archive(running, '/results/task.md'),
  },
  'one model': { insight: oneModelInsight(), runs: [over], options: archive(over, null) },
  'many models': { insight: largeInsight(), runs: [over, running], options: archive(over, '/f') },
};

/** The keys to every view. */
const views: Record<string, readonly string[]> = {
  overview: [],
  leaders: ['right'],
  'overview, cost': ['right', 'right'],
  'overview, recommendations': ['left'],
  'column picker': ['c'],
  routes: ['2'],
  'routes, what if': ['2', '+', '+'],
  route: ['2', 'enter'],
  'route, tasks': ['2', 'enter', 'right'],
  'a task of a route': ['2', 'enter', 'right', 'enter'],
  cost: ['3'],
  'cost by role': ['3', 'right'],
  'cost by project': ['3', 'right', 'right'],
  'cost by day': ['3', 'left'],
  judges: ['3', 'J'],
  recommendations: ['4'],
  evidence: ['4', 'enter'],
  'evidence, the last': ['4', 'end', 'enter'],
  runs: ['5'],
  run: ['5', 'enter'],
  task: ['5', 'enter', 'home', 'enter'],
  'the last task': ['5', 'enter', 'end', 'enter'],
  texts: ['5', 'enter', 'home', 'enter', 'enter'],
  model: ['enter'],
  'model, why': ['enter', 'w'],
  event: ['enter', 'enter'],
  learning: ['L'],
  'two models': ['m', 'down', '='],
  filtered: ['/', 'z', 'z', 'z', 'enter'],
};

const sizes = [
  { columns: 60, rows: 20 },
  { columns: 120, rows: 40 },
];

const opened = (given: SessionOptions, keys: readonly string[], size: SessionOptions): Session => {
  const session = openSession({ ...given, ...size });
  session.press(...keys);
  return session;
};

/** What a hint promises: its keys, and whether one of them does something from here. */
function idleHints(state: AppState): string[] {
  const { message: _, ...silent } = state;
  return hintsFor(state).flatMap(({ on, show, hint }) => {
    const does = Object.keys(on).some((key) => {
      const next = update(state, { type: 'key', key });
      return next.effects.length > 0 || !isDeepStrictEqual(next.state, silent);
    });
    return does ? [] : [`${show} ${hint}`];
  });
}

/** Keys that the help names, and that do and say nothing here. */
function silentKeys(state: AppState): string[] {
  const { message: _, ...silent } = state;
  const named = keymap.flatMap(({ on, at, where }) =>
    at === undefined && where !== undefined ? [] : Object.keys(on),
  );
  const moves = new Set(['left', 'right', 'h', 'l', ...Object.keys(keymap[0]?.on ?? {})]);
  return [...new Set(named)].filter((key) => {
    const next = update(silent, { type: 'key', key });
    return next.effects.length === 0 && next.state === silent && !moves.has(key);
  });
}

describe.each(Object.entries(histories))('with %s', (_, given) => {
  it.each(Object.entries(views))(
    'every key that the footer names in %s does something',
    (__, keys) => {
      for (const size of sizes) {
        const { state } = opened(given, keys, size);
        expect(idleHints(state())).toEqual([]);
      }
    },
  );

  it.each(Object.entries(views).filter(([name]) => name !== 'column picker'))(
    'every key says in %s where it works, if it does nothing there',
    (__, keys) => {
      const { state } = opened(given, keys, {});
      expect(silentKeys(state())).toEqual([]);
    },
  );
});

describe('the result file of a task', () => {
  it.each([
    ['/results/task.md', true],
    [null, false],
  ])('at %s is offered to be opened: %s', (file, isOffered) => {
    const given = { insight: mockInsight(), runs: [over], options: archive(over, file) };
    const { state, press, asked } = opened(given, views['task'] ?? [], {});
    expect(topView(state())?.kind).toBe('task');
    expect(hintsFor(state()).some(({ hint }) => hint === 'file')).toBe(isOffered);
    press('o');
    expect(asked.includes(`show ${file ?? ''}`)).toBe(isOffered);
    expect(state().message === undefined).toBe(isOffered);
  });
});
