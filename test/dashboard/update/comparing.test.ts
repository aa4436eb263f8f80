import { describe, expect, it } from 'vitest';
import { viewAsJson } from '../../../source/dashboard/data/export-view.ts';
import { comparedLines } from '../../../source/dashboard/screen-reader/compared-lines.ts';
import { comparedModels } from '../../../source/dashboard/state/compare-models.ts';
import { openComparison } from '../../../source/dashboard/state/comparison.ts';
import { topView } from '../../../source/dashboard/state/state.ts';
import { formatInterval, formatPerThousand } from '../../../source/dashboard/format/index.ts';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { mockInsight, someNow } from '../../support/insight.ts';
import { runStory, storyEnds, storyGoesOn } from '../../support/run-story.ts';
import { pastRun, runReport, runState } from '../../support/runs.ts';
import { openSession, screenOf } from '../../support/session.tsx';

const firstTask = 'algorithm';

/** The same run once more, in which the first task was better and dearer. */
const another = (events: readonly RunEvent[]): RunEvent[] =>
  events.map((event) => {
    const given = { ...event, projectId: 'p-other' };
    if (given.type !== 'task-finished' || given.result.taskId !== firstTask) return given;
    return { ...given, result: { ...given.result, score: 0.99, costUsd: 0.5 } };
  });

const story = storyEnds(storyGoesOn(runStory()));
const [first, second] = [runState(story), runState(another(story))];

function open(columns = 120) {
  const read: string[] = [];
  const session = openSession({
    insight: mockInsight(),
    columns,
    rows: 40,
    options: {
      runArchive: {
        list: () => [
          pastRun(first.projectId, { startedAt: someNow - 10 }),
          pastRun('p-other', { startedAt: someNow - 20 }),
          pastRun('p-third'),
        ],
        read(projectId) {
          read.push(projectId);
          const run = projectId === 'p-other' ? second : first;
          if (projectId === 'p-third') throw new Error('The journal of p-third cannot be read.');
          return { state: run, report: runReport(run) };
        },
      },
    },
  });
  return { ...session, read };
}

const rowsOf = (session: ReturnType<typeof open>) => {
  const rows = openComparison(session.state())?.rows ?? [];
  return Object.fromEntries(rows.map(({ name, cells }) => [name.trim(), cells]));
};

describe('marking', () => {
  it('shows what is marked beside the row, and lets go of the first of three', async () => {
    const session = open();
    session.press('m', 'down', 'm', 'down', 'm');
    const [, one, other] = (session.state().insight?.rankings ?? []).map(({ model }) => model);
    expect(session.state().marks.models).toEqual([one, other]);
    const lines = await screenOf(session.state());
    expect(lines.some((line) => line.includes('❯*'))).toBe(true);
    session.press('m');
    expect(session.state().marks.models).toEqual([one]);
  });

  it('of models holds in every list of models, and not for runs', () => {
    const session = open();
    session.press('m', '3', '5');
    expect(session.state().marks).toMatchObject({ models: ['gemini-flash'], runs: [] });
  });
});

describe('two models', () => {
  it('stand side by side with the numbers of the other views', async () => {
    const session = open();
    session.press('m', 'down', '=');
    const { insight } = session.state();
    const [one, other] = insight?.rankings ?? [];
    const rows = rowsOf(session);
    expect(rows['$/k calls']).toBeDefined();
    const all = openComparison(session.state())?.rows ?? [];
    expect(all.find(({ id }) => id === 'all $/k calls')?.cells).toEqual(
      [one, other].map((stats) => `$${formatPerThousand(stats?.averageCostUsd ?? 0)}`),
    );
    for (const cell of insight?.cells ?? []) {
      const side = [one?.model, other?.model].indexOf(cell.model);
      const row = all.find(({ id }) => id === `${cell.taskType}   quality, 95%`);
      if (side === -1 || cell.qualityInterval === undefined) continue;
      expect(row?.cells?.[side]).toBe(formatInterval(cell.qualityInterval));
    }
    const screen = (await screenOf(session.state())).join('\n');
    expect(screen).toContain('Two models');
    expect(screen).toContain('≠');
  });

  it('tell the difference that advice rests on, whichever of them is first', () => {
    const insight = mockInsight();
    const advice = insight.recommendations.find(({ kind }) => kind === 'switch');
    const tested = (one = '', other = '') =>
      comparedModels(insight, [one, other]).find(({ id }) => id === `${advice?.taskType} tested`);
    const [now, then] = [advice?.model, advice?.alternative];
    expect(tested(now, then)?.cells?.[1]).toBe('+0.020 (−0.010 … +0.050)');
    expect(tested(then, now)?.cells?.[1]).toBe('−0.020 (−0.050 … +0.010)');
    expect(tested(now, 'gpt-4o')?.cells?.[1] ?? 'not tested').toBe('not tested');
  });

  it('lead on: to the model of the chosen side, to the route of a task type, and back', () => {
    const session = open();
    session.press('m', 'down', '=', 'right', 'enter');
    expect(topView(session.state())).toMatchObject({ kind: 'model', model: 'deepseek-chat' });
    session.press('escape', 'G', 'enter');
    expect(topView(session.state())?.kind).toBe('route');
    session.press('escape');
    expect(topView(session.state())?.kind).toBe('compare');
    session.press('escape');
    expect(topView(session.state())).toBeUndefined();
  });

  it('need two that are not the same', () => {
    const session = open();
    session.press('=');
    expect(session.state().message).toBe('Mark two models with m first: = compares them.');
    session.press('m', '=');
    expect(topView(session.state())).toBeUndefined();
  });
});

describe('two runs', () => {
  const compare = (columns?: number) => {
    const session = open(columns);
    session.press('5', 'm', 'down', 'm', '=');
    return session;
  };

  it('are read, and say what differed', () => {
    const session = compare();
    expect(session.read).toEqual([first.projectId, 'p-other']);
    const rows = rowsOf(session);
    expect(rows['spent']?.[0]).toBe(rows['spent']?.[1]);
    const task = Object.entries(rows).find(([name]) => name.startsWith(`${firstTask} `));
    expect(task?.[1]?.[1]).toContain('0.99');
    expect(task?.[1]?.[0]).not.toBe(task?.[1]?.[1]);
    expect(Object.keys(rows)).toContain('answers');
  });

  it('do not take tasks for the same because they have the same name', () => {
    const session = compare();
    const plan = second.plan;
    second.plan = plan.map((task) => ({ ...task, prompt: `${task.prompt} otherwise` }));
    session.press('escape', '=');
    expect(Object.keys(rowsOf(session))).toContain('Tasks: none that both have');
    second.plan = plan;
  });

  it('lead on to the task of the chosen side', () => {
    const session = compare();
    const rows = openComparison(session.state())?.rows ?? [];
    const index = rows.findIndex(({ taskId }) => taskId !== undefined);
    session.press('right', ...Array.from({ length: index }, () => 'down'), 'enter');
    expect(topView(session.state())?.kind).toBe('task');
    expect(session.state().openRun?.projectId).toBe('p-other');
    session.press('escape', 'escape');
    expect(topView(session.state())?.kind).toBe('compare');
  });

  it('are copied as text, and saved as JSON', () => {
    const session = compare();
    session.press('y');
    const [, copied = ''] = /52;c;([\w+/=]+)/.exec(session.asked.join('')) ?? [];
    const text = Buffer.from(copied, 'base64').toString();
    expect(text).toContain(first.projectId);
    expect(text).toMatch(/^spent +\$/m);
    expect(viewAsJson(session.state())).toMatchObject({ compared: 'runs' });
  });

  it('of which one cannot be read say so, and show the other', () => {
    const session = open();
    session.press('5', 'm', 'G', 'm', '=');
    expect(session.state().message).toContain('p-third cannot be read');
    expect(rowsOf(session)['state']).toEqual([expect.stringMatching(/\w/), '—']);
  });
});

describe('without a screen', () => {
  it('says the first two models, and among runs the last two, as sentences', () => {
    const { insight } = open().state();
    const archive = {
      list: () => [pastRun(first.projectId), pastRun('p-other')],
      read: (id: string) => {
        const state = id === 'p-other' ? second : first;
        return { state, report: runReport(state) };
      },
    };
    const models = comparedLines(
      { tab: 'overview', ...(insight && { insight }) },
      archive,
      someNow,
    );
    expect(models[0]).toBe('COMPARED: gemini-flash with deepseek-chat.');
    const runs = comparedLines({ tab: 'runs' }, archive, someNow);
    expect(runs.find((line) => line.includes(`${firstTask} `))).toContain('p-other 0.99');
    expect(comparedLines({ tab: 'runs' }, undefined, someNow)).toEqual([
      'COMPARED: there are no two runs here.',
    ]);
  });
});
