import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskSpec } from '../../../source/domain/run-event.ts';
import { chainLengths, problemsOfTasks } from '../../../source/engine/project/task-graph.ts';
import { runSchedule } from '../../../source/engine/schedule.ts';
import { statusOf } from '../../../source/engine/status.ts';
import { isBetter, type Attempt } from '../../../source/engine/tasks/attempt.ts';
import { cutMiddle, fitPriorWork, outputLimit } from '../../../source/engine/tasks/prior-work.ts';

const spec = (id: string, dependsOn: string[] = []): TaskSpec => ({
  id,
  type: 'evaluation',
  prompt: id,
  dependsOn,
  validators: [],
});

describe('tasks', () => {
  it('are refused for every fault, each in a sentence', () => {
    expect(
      problemsOfTasks([spec('a', ['b', 'a']), spec('a'), { ...spec('x y'), type: 'NO' }]),
    ).toEqual([
      'The id "a" is used twice.',
      'The id "x y" is not up to 64 letters, digits, dots, hyphens or underscores.',
      'The task x y has the unknown type "NO".',
      'The task a depends on "b", which does not exist.',
      'The task a depends on itself.',
    ]);
    expect(problemsOfTasks([spec('../x')])).toHaveLength(1);
    expect(problemsOfTasks([spec('a', ['c']), spec('b', ['a']), spec('c', ['b'])])).toEqual([
      'These tasks depend on one another in a circle: a → c → b → a.',
    ]);
  });

  it('may form a long chain', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      spec(`t${index}`, index === 0 ? [] : [`t${index - 1}`]),
    );
    expect(problemsOfTasks(chain)).toEqual([]);
    expect(chainLengths(chain).get('t0')).toBe(20_000);
  });

  it('run in the order of their dependencies, never more at once than allowed, each once', async () => {
    const graph = fc.integer({ min: 1, max: 25 }).chain((size) =>
      fc.tuple(
        fc.array(fc.array(fc.nat({ max: 1000 }), { maxLength: 3 }), {
          minLength: size,
          maxLength: size,
        }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat({ max: size }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(graph, async ([links, concurrency, bad]) => {
        const tasks = links.map((link, index) =>
          spec(`t${index}`, index === 0 ? [] : link.map((number) => `t${number % index}`)),
        );
        const done = new Set<string>();
        const ran: string[] = [];
        let running = 0;
        const notRun = await runSchedule({
          tasks,
          concurrency,
          known: new Map(),
          stopped: () => false,
          run: async ({ id, dependsOn }) => {
            running += 1;
            expect(running).toBeLessThanOrEqual(concurrency);
            expect(dependsOn.every((needed) => done.has(needed))).toBe(true);
            ran.push(id);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            if (id === `t${bad}`) return 'unusable';
            done.add(id);
            return 'usable';
          },
        });
        expect(new Set(ran).size).toBe(ran.length);
        expect([...ran, ...notRun.map(({ id }) => id)].toSorted()).toEqual(
          tasks.map(({ id }) => id).toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('a schedule', () => {
  it('ends with the first error, whatever else fails after it', async () => {
    const failing = runSchedule({
      tasks: [spec('a'), spec('b'), spec('c')],
      concurrency: 3,
      known: new Map(),
      stopped: () => false,
      run: async ({ id }) => {
        if (id !== 'a') await new Promise((resolve) => setImmediate(resolve));
        throw new Error(`fault of ${id}`);
      },
    });
    await expect(failing).rejects.toThrow('fault of a');
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('starts first what the longest chain waits for', async () => {
    const order: string[] = [];
    await runSchedule({
      tasks: [
        spec('x'),
        spec('y'),
        spec('root'),
        spec('middle', ['root']),
        spec('leaf', ['middle']),
      ],
      concurrency: 1,
      known: new Map(),
      stopped: () => false,
      run: async ({ id }) => {
        order.push(id);
        return 'usable';
      },
    });
    expect(order).toEqual(['root', 'middle', 'x', 'y', 'leaf']);
  });
});

describe('the best attempt', () => {
  const attempt = (more: Partial<Attempt>): Attempt => ({
    iteration: 1,
    model: 'm',
    output: 'x',
    validatorsPassed: true,
    problems: [],
    cost: 0,
    possibleCost: 0,
    latencyMs: 0,
    policyViolation: false,
    ...more,
  });

  it('has an output, then passes its checks, then has the higher score, then came first', () => {
    const failed = attempt({ validatorsPassed: false, score: 0.9 });
    const passed = attempt({ score: 0.4 });
    const { output: _, ...without } = attempt({});
    expect(isBetter(passed, undefined)).toBe(true);
    expect(isBetter(passed, failed)).toBe(true);
    expect(isBetter(failed, without)).toBe(true);
    expect(isBetter(without, failed)).toBe(false);
    expect(isBetter(attempt({ score: 0.5 }), passed)).toBe(true);
    expect(isBetter(attempt({ score: 0.4 }), passed)).toBe(false);
    expect(isBetter(attempt({}), passed)).toBe(false);
  });
});

describe('earlier outputs', () => {
  const offer = { id: 'm', provider: 'p', costUsd: () => 0, contextTokens: 1000 };
  const options = { offer, outputTokens: 400, otherBytes: 300 };

  it('fit into the window, the short ones whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 3000, unit: 'grapheme' }), { maxLength: 6 }),
        (outputs) => {
          const work = outputs.map((output, index) => ({ taskId: `t${index}`, output }));
          const fitted = fitPriorWork(work, options);
          const total = fitted.reduce((sum, { output }) => sum + Buffer.byteLength(output), 0);
          expect(total).toBeLessThanOrEqual(1500);
          expect(fitted.map(({ taskId }) => taskId)).toEqual(work.map(({ taskId }) => taskId));
          const share = 1500 / Math.max(1, outputs.length);
          const short = work.filter(({ output }) => Buffer.byteLength(output) <= share);
          expect(fitted).toEqual(expect.arrayContaining(short));
        },
      ),
    );
  });

  it('keep their beginning and end', () => {
    const cut = cutMiddle(`start ${'x'.repeat(1000)} end`, 100);
    expect(cut).toMatch(/^start x+\n\[… cut …\]\nx+ end$/);
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(100);
    expect(cutMiddle('too long', 3)).toBe('');
  });

  it('leave room for the output', () => {
    expect(outputLimit(offer, 8192)).toBe(500);
    expect(outputLimit({ ...offer, contextTokens: 200_000 }, 8192)).toBe(8192);
  });
});

describe('the end state', () => {
  const end = { tasks: 3, accepted: 0, usable: 0, shortOfMoney: false, overBudget: false };

  it.each([
    [{ accepted: 3, usable: 3, stop: 'timeout' as const }, 'success'],
    [{ accepted: 2, usable: 3 }, 'partial'],
    [{ usable: 1, stop: 'timeout' as const }, 'timeout'],
    [{ usable: 1, shortOfMoney: true }, 'budget-exhausted'],
    [{ usable: 1, overBudget: true, stop: 'stopped' as const }, 'budget-exhausted'],
    [{ stop: 'stopped' as const }, 'partial'],
    [{}, 'failed'],
    [{ tasks: 0 }, 'failed'],
  ])('of %j is %s', (facts, status) => {
    expect(statusOf({ ...end, ...facts })).toBe(status);
  });
});
