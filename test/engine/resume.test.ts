import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunEvent } from '../../source/domain/run-event.ts';
import { applyRunEvent, emptyRunState } from '../../source/domain/run-state.ts';
import { journalPath, readJournal } from '../../source/engine/index.ts';
import { costOf, eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';
import { temporaryDirectory } from './support/temporary.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

const stepsOf = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'call-finished' && event.outcome === 'ok' ? event.step : [],
  );

describe('a run that was stopped', () => {
  const tasks = [task('a'), task('b', { dependsOn: ['a'] }), task('c')];

  /** Stops once the server has been asked so often, then goes on to the end. */
  async function stopAndResume(after: number, script: Script = (asked) => goodAnswer(asked)) {
    const stop = new AbortController();
    await serve((asked) => {
      if (server.asked.length === after) stop.abort();
      return script(asked);
    });
    const first = await run(server, { tasks, signal: stop.signal, concurrency: 2 });
    const second = await run(server, { tasks, resumeFrom: first.events, concurrency: 2 });
    return { first, second, all: [...first.events, ...second.events] };
  }

  it.each([1, 2, 3, 5, 7, 9, 11])(
    'after %i calls goes on where it was, and pays for nothing twice',
    async (after) => {
      const { second, all } = await stopAndResume(after);
      expect(second.outcome.status).toBe('success');
      expect(second.outcome.results.map(({ taskId }) => taskId).toSorted()).toEqual([
        'a',
        'b',
        'c',
      ]);
      const steps = stepsOf(all);
      expect(steps).toHaveLength(new Set(steps).size);
      expect(server.asked).toHaveLength(steps.length);
      expect(second.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
    },
  );

  it('goes on with the revision it had come to', async () => {
    const { second, all } = await stopAndResume(6, (asked) => {
      if (asked.role === 'reviser') return { text: 'Better' };
      return goodAnswer(asked, { judge: asked.section('answer') === 'Better' ? 0.9 : 0.5 });
    });
    expect(second.outcome.status).toBe('success');
    const steps = stepsOf(all);
    expect(steps).toHaveLength(new Set(steps).size);
    expect(steps.some((step) => step.includes('/revise/2/'))).toBe(true);
  });

  it('folds into one state: every task once, all the money', async () => {
    const { second, all } = await stopAndResume(5);
    const state = emptyRunState('p-test');
    for (const event of all) applyRunEvent(state, event);
    expect(state.spentUsd).toBeCloseTo(second.outcome.spentUsd, 9);
    expect(state.results).toHaveLength(3);
    expect(state.finished?.status).toBe('success');
  });

  it('leaves its snapshots once, for all of it', async () => {
    const { second } = await stopAndResume(9);
    const attempts = second.outcome.snapshots.map(({ profile }) => profile.callCount);
    expect(attempts.reduce((sum, count) => sum + count, 0)).toBe(3);
  });

  it('leaves only what is new where earlier snapshots are kept already', async () => {
    const stop = new AbortController();
    await serve((asked) => {
      if (server.asked.length === 4) stop.abort();
      return goodAnswer(asked);
    });
    const first = await run(server, { tasks, signal: stop.signal, concurrency: 1 });
    const second = await run(server, {
      tasks,
      resumeFrom: first.events,
      snapshotsRecorded: true,
    });
    const counts = [first, second].map(({ outcome }) =>
      outcome.snapshots.reduce((sum, { profile }) => sum + profile.callCount, 0),
    );
    expect(counts).toEqual([1, 2]);
  });

  it('and killed when it went on leaves what no snapshot holds', async () => {
    const stop = new AbortController();
    await serve((asked) => {
      if (server.asked.length === 4) stop.abort();
      return goodAnswer(asked);
    });
    const first = await run(server, { tasks, signal: stop.signal, concurrency: 1 });
    const options = { tasks, snapshotsRecorded: true, concurrency: 1 };
    const second = await run(server, { ...options, resumeFrom: first.events });
    const finished = second.events.findIndex(({ type }) => type === 'task-finished');
    const killed = [...first.events, ...second.events.slice(0, finished + 1)];
    const third = await run(server, { ...options, resumeFrom: killed });
    const counts = [first, third].map(({ outcome }) =>
      outcome.snapshots.reduce((sum, { profile }) => sum + profile.callCount, 0),
    );
    expect(counts).toEqual([1, 2]);
  });

  it('for want of money goes on with a larger budget', async () => {
    await serve((asked) => goodAnswer(asked));
    const first = await run(server, { tasks, budgetUsd: 0.003 });
    expect(first.outcome.status).toBe('budget-exhausted');
    const second = await run(server, { tasks, budgetUsd: 8, resumeFrom: first.events });
    expect(second.outcome.status).toBe('success');
    expect(second.outcome.spentUsd).toBeCloseTo(costOf(server), 9);
  });

  it('plans no second time', async () => {
    const stop = new AbortController();
    await serve((asked) => {
      if (asked.role === 'planner') stop.abort();
      return goodAnswer(asked);
    });
    const first = await run(server, { signal: stop.signal });
    const second = await run(server, { resumeFrom: first.events });
    expect(second.outcome.status).toBe('success');
    expect(server.asked.filter(({ role }) => role === 'planner')).toHaveLength(1);
  });

  it('while it was being planned pays for the plan that never arrived', async () => {
    await serve((asked) => goodAnswer(asked));
    const first = await run(server);
    // What a process leaves that was killed during its first call.
    const sent = first.events.findIndex(({ type }) => type === 'call-started');
    const killed = first.events.slice(0, sent + 1);
    const second = await run(server, { resumeFrom: killed });
    const [lost] = eventsOf(second, 'call-finished');
    expect(lost).toMatchObject({ role: 'planner', estimated: true, outcome: 'interrupted' });
    expect(second.outcome.spentUsd).toBeGreaterThan(first.outcome.spentUsd);
  });

  it('and was complete has nothing left to do', async () => {
    await serve((asked) => goodAnswer(asked));
    const first = await run(server, { tasks });
    const calls = server.asked.length;
    const second = await run(server, { tasks, resumeFrom: first.events });
    expect(server.asked).toHaveLength(calls);
    expect(second.outcome).toMatchObject({ status: 'success', spentUsd: first.outcome.spentUsd });
    expect(eventsOf(second, 'task-finished')).toEqual([]);
  });
});

describe('a run that was killed', () => {
  const outcomeSchema = z.object({
    status: z.string(),
    spentUsd: z.number(),
    results: z.array(z.looseObject({ taskId: z.string() })),
    snapshots: z.array(z.object({ profile: z.looseObject({ callCount: z.number() }) })),
  });
  const script = join(import.meta.dirname, 'support/run-process.ts');
  const start = (directory: string, ...more: string[]) =>
    spawn(process.execPath, [script, server.baseUrl, directory, '9', ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it.each([7, 26])(
    'at call %i goes on to the same results, paying twice only for what was in flight',
    async (killAt) => {
      const directory = temporaryDirectory();
      let open = 0;
      let killed: { inFlight: number } | undefined;
      let kill = (): void => {};
      await serve(async (asked) => {
        open += 1;
        if (killed === undefined && server.asked.length === killAt) {
          killed = { inFlight: open };
          kill();
        }
        await new Promise((resolve) => setImmediate(resolve));
        open -= 1;
        return { ...goodAnswer(asked), delayMs: 5 };
      });
      const first = start(directory);
      const ended = new Promise((resolve) => first.once('exit', resolve));
      kill = () => first.kill('SIGKILL');
      await ended;
      const before = readJournal(journalPath(directory, 'p-1'));
      const second = start(directory, 'resume');
      const printed: Buffer[] = [];
      second.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
      await new Promise((resolve) => second.once('close', resolve));
      const outcome = outcomeSchema.parse(JSON.parse(Buffer.concat(printed).toString('utf8')));
      expect(outcome.status).toBe('success');
      expect(outcome.results.map(({ taskId }) => taskId).toSorted()).toEqual(
        Array.from({ length: 9 }, (_, index) => `t${index}`),
      );
      // Nine tasks of four calls each, and at most what four tasks had in flight besides.
      expect(server.asked.length).toBeLessThanOrEqual(9 * 4 + 8);
      const steps = stepsOf(readJournal(journalPath(directory, 'p-1')));
      expect(steps).toHaveLength(new Set(steps).size);
      expect(steps.length).toBe(9 * 4);
      expect(stepsOf(before).length).toBeLessThan(steps.length);
      expect(outcome.spentUsd).toBeGreaterThanOrEqual(36 * (100 + 2 * 50) * 1e-6 - 1e-9);
      const attempts = outcome.snapshots.reduce((sum, { profile }) => sum + profile.callCount, 0);
      expect(attempts).toBe(9);
    },
  );
});
