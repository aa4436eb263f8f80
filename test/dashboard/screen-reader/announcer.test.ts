import { describe, expect, it } from 'vitest';
import { keySentence } from '../../../source/dashboard/screen-reader/keys.ts';
import { createAnnouncer } from '../../../source/dashboard/screen-reader/announcer.ts';
import { visibleCandidates, visibleRoutes } from '../../../source/dashboard/state/route-lists.ts';
import { mockInsight, oneModelInsight } from '../../support/insight.ts';
import { runEvents, runState } from '../../support/runs.ts';
import { openSession, type SessionOptions } from '../../support/session.tsx';

const grown = (runs: number) => {
  const insight = mockInsight();
  return { ...insight, summary: { ...insight.summary, runs } };
};

/** An announcer over the real store and feed, what it said, and a clock that is moved by hand. */
function listen(given: SessionOptions = { insight: mockInsight() }, watched?: string) {
  const session = openSession(given);
  const said: string[] = [];
  const announcer = createAnnouncer({
    compared: () => [],
    store: session.store,
    clock: () => session.now.seconds,
    say: (sentences) => said.push(...sentences),
    ...(watched === undefined ? {} : { watched }),
  });
  session.store.dispatch({ type: 'runs', runs: given.runs ?? [], at: session.now.seconds });
  announcer.beat();
  return {
    ...session,
    announcer,
    /** What was said since the last call. */
    announced: () => said.splice(0),
    wait: (seconds: number) => {
      session.now.seconds += seconds;
      announcer.beat();
    },
  };
}

describe('the announcer', () => {
  it('begins with the view and, in one line, the keys', () => {
    const { announced } = listen();
    const [first, ...rest] = announced();
    expect(first).toBe('48 runs, $312.40 spent, average quality 0.871, in the last 30 days.');
    expect(rest).toContain(
      '1. gemini-flash: value 2.85, down 11%, $0.18 per thousand calls, quality 0.798, WARM with 41 calls.',
    );
    expect(rest).toContain('7. kimi-k2.5: insufficient data, COLD with 2 calls.');
    expect(rest).toContain('code_gen: deepseek-chat, quality 0.91, HOT.');
    expect(rest.at(-1)).toBe(keySentence);
  });

  it('opens a route: why the first is first, its models in their order, and the way back', () => {
    const { announcer, announced, state } = listen();
    announced();
    announcer.press('enter');
    expect(announced()).toEqual(['2 says the routes; Enter opens one there.']);
    announcer.press('2');
    announced();
    announcer.press('down');
    const second = visibleRoutes(state())[1];
    expect(announced()).toEqual([
      expect.stringMatching(`goes to ${second?.model ?? 'none'}.* Enter opens it`),
    ]);
    announcer.press('enter');
    const opened = announced().join('\n');
    expect(opened).toContain(`${second?.model ?? 'none'} gets it: `);
    const models = visibleCandidates(state()).map(({ model }) =>
      opened.indexOf(`\n${model}: rank`),
    );
    expect(models).not.toContain(-1);
    expect(models).toEqual(models.toSorted((a, b) => a - b));
    announcer.press('escape');
    expect(announced().join('\n')).toContain('ROUTES: where the work of each task type goes');
  });

  it('says which rows are in no number, and when all are', () => {
    const bad = { ...mockInsight(), leftOut: { ahead: 2, outOfRange: 0 } };
    const { announced, read, wait } = listen({ insight: bad });
    const sentence =
      'Left out of every number: 2 rows are dated in the future (by another clock, or in milliseconds). Correct what wrote them.';
    expect(announced()[1]).toBe(sentence);
    read({ status: 'ready', insight: mockInsight() });
    wait(60);
    expect(announced()).toEqual(['Nothing is left out of the numbers any more.']);
    read({ status: 'ready', insight: bad });
    wait(60);
    expect(announced()).toEqual([sentence]);
  });

  it('is silent while nothing changes', () => {
    const { announced, read, wait } = listen();
    announced();
    read({ status: 'ready', insight: mockInsight() });
    wait(60);
    expect(announced()).toEqual([]);
  });

  it('says at once what changed, and gathers what follows for a few seconds', () => {
    const { announced, read, wait } = listen();
    announced();
    read({ status: 'ready', insight: grown(49) });
    wait(0);
    expect(announced()).toEqual(['Now 49 runs, 1 more.']);
    read({ status: 'ready', insight: grown(50) });
    wait(1);
    read({ status: 'ready', insight: grown(53) });
    wait(1);
    expect(announced()).toEqual([]);
    wait(1);
    expect(announced()).toEqual(['Now 53 runs, 4 more.']);
  });

  it.each([
    ['locked', { status: 'locked' }, /is locked by another program/],
    ['missing', { status: 'missing' }, /is gone; waiting for it/],
    [
      'not a database',
      { status: 'not-a-database', message: 'no header' },
      /is not a telemetry database; .*--db/,
    ],
    ['unreadable', { status: 'failed', message: 'disk I/O error' }, /disk I\/O error/],
    ['newer', { status: 'ready', insight: mockInsight(), newerSchema: 9 }, /a newer version:/],
  ] as const)('tells once that the database is %s, and once that it is not', (_, reading, told) => {
    const { announced, read, wait } = listen();
    announced();
    read(reading);
    wait(10);
    expect(announced()).toEqual([expect.stringMatching(told)]);
    read(reading);
    wait(10);
    expect(announced()).toEqual([]);
    read({ status: 'ready', insight: grown(49) });
    wait(10);
    expect(announced()).toEqual([
      expect.stringMatching(/can be read now|not of a newer version/),
      'Now 49 runs, 1 more.',
    ]);
  });

  it('says nothing of a lock that is over in a moment', () => {
    const { announced, read, wait } = listen();
    announced();
    read({ status: 'locked' });
    wait(1);
    read({ status: 'ready', insight: mockInsight() });
    wait(10);
    expect(announced()).toEqual([]);
  });

  it('says the whole view when the first history comes', () => {
    const { announced, read, wait } = listen({ reading: { status: 'missing' } });
    expect(announced()[0]).toMatch(/no history yet.*orchestrator run$/);
    read({ status: 'ready', insight: mockInsight() });
    wait(0);
    expect(announced()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/can be read now/),
        'TASK-TYPE LEADERS by quality.',
      ]),
    );
  });

  it.each([
    [
      '2',
      'ROUTES: where the work of each task type goes, the most money first.',
      'code_gen, goes to deepseek-chat, 50% of its tasks, quality 0.889–0.931, $0.00117 a task, $99.66 spent.',
    ],
    ['3', 'SPEND by model.', 'deepseek-chat: $45.11 for 156 tasks.'],
    [
      '4',
      expect.stringMatching(/^RECOMMENDATIONS: 2 to act on/),
      expect.stringMatching(/^1\. Route reasoning tasks/),
    ],
    ['5', 'LIVE: no run is in progress.', 'LIVE: no run is in progress.'],
  ])('says another view on %s', (key, heading, line) => {
    const { announced, announcer } = listen();
    announced();
    announcer.press(key);
    const said = announced();
    expect(said).toContainEqual(heading);
    expect(said).toContainEqual(line);
  });

  it('says the view of another window, and no change between two windows', () => {
    const { announced, announcer, wait } = listen();
    announced();
    announcer.press(']');
    expect(announced()[0]).toMatch(/in the last 90 days\.$/);
    wait(10);
    expect(announced()).toEqual([]);
  });

  it('says the new window when it can be read at last', () => {
    const { announced, announcer, read, wait } = listen();
    read({ status: 'locked' });
    wait(10);
    announcer.press(']');
    announced();
    read({ status: 'ready', insight: { ...mockInsight(), window: { days: 90, from: 0, to: 1 } } });
    wait(10);
    expect(announced()).toContain('TASK-TYPE LEADERS by quality.');
  });

  it('says the view anew on r, after what was still to be said', () => {
    const { announced, announcer, read, wait } = listen();
    read({ status: 'ready', insight: grown(49) });
    wait(0);
    announced();
    read({ status: 'ready', insight: grown(50) });
    announcer.press('r');
    expect(announced().slice(0, 2)).toEqual([
      'Now 50 runs, 1 more.',
      expect.stringMatching(/^50 runs/),
    ]);
  });

  it('leaves on q and Ctrl+C alone, and says nothing to keys that it does not know', () => {
    const { announced, announcer } = listen();
    announced();
    expect(['q', 'ctrl-c'].map((key) => announcer.press(key))).toEqual([true, true]);
    expect(['x', 'c', '?'].map((key) => announcer.press(key))).toEqual([false, false, false]);
    expect(announced()).toEqual([keySentence]);
  });

  it('tells of runs as they go, and describes them on 5', () => {
    const run = runState(runEvents());
    const { announced, announcer, store, wait, now } = listen({
      insight: mockInsight(),
      runs: [run],
    });
    announced();
    announcer.press('5');
    expect(announced()).toEqual(
      expect.arrayContaining([
        'Run p-7f3a, Build a rate limiter: 9 of 14 tasks finished, $1.44 of $8.00 spent, 4m 05s.',
        'Task t10, code_review: being revised, by deepseek-chat, attempt 2.',
      ]),
    );
    run.finished = { at: now.seconds, status: 'success', resumable: false };
    store.dispatch({ type: 'runs', runs: [], at: now.seconds });
    wait(10);
    expect(announced()).toEqual(['Run p-7f3a ended, success: 9 of 14 tasks, $1.44 spent.']);
  });

  it('begins a watched run with the keys alone, tells all of it, and ends with the overview', () => {
    const run = runState(runEvents());
    const { announced, announcer, wait } = listen(
      { reading: { status: 'ready', insight: oneModelInsight() }, runs: [run] },
      'p-7f3a',
    );
    expect(announced()).toEqual([keySentence]);
    wait(0);
    expect(announced()).toHaveLength(10);
    announcer.conclude();
    expect(announced()).toContain('1. llama3.2: insufficient data, COLD with 3 calls.');
  });
});
