import { afterEach, describe, expect, it } from 'vitest';
import { eventsOf, goodAnswer, run, task, type Script } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const serve = async (script: Script): Promise<void> => {
  server = await startScriptedServer(script);
};

/** The scores of a task's attempts, one after the other. */
async function iterationsOf(type: string, scores: readonly number[]) {
  let judged = 0;
  await serve((asked) => {
    if (asked.role === 'generator' || asked.role === 'reviser') return { text: '{}' };
    if (asked.role !== 'judge') return goodAnswer(asked);
    const score = scores[Math.floor(judged / 2)] ?? 0;
    judged += 1;
    return { text: JSON.stringify({ score }) };
  });
  const result = await run(server, { tasks: [task('a', { type })] });
  const [finished] = eventsOf(result, 'task-finished');
  return { status: finished?.status, iterations: finished?.result.iterations };
}

const rising = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

describe('the standard of a task type', () => {
  it.each([
    ['code_generation', 0.85, 3, 8192],
    ['code_review', 0.75, 4, 4096],
    ['complex_reasoning', 0.9, 3, 4096],
    ['creative_writing', 0.8, 2, 4096],
    ['data_extraction', 0.9, 2, 2048],
    ['summarization', 0.8, 2, 1024],
    ['evaluation', 0.8, 2, 2048],
  ])(
    '%s accepts at %d, iterates %i times at most, with %i tokens',
    async (type, acceptAt, most, tokens) => {
      expect(await iterationsOf(type, [acceptAt])).toEqual({ status: 'accepted', iterations: 1 });
      const generated = server.asked.find(({ role }) => role === 'generator');
      expect(generated?.maxTokens).toBe(tokens);
      await server.close();
      const below = await iterationsOf(type, [acceptAt - 0.001, acceptAt - 0.001]);
      expect(below).toEqual({ status: 'best-effort', iterations: 2 });
      await server.close();
      expect(await iterationsOf(type, rising)).toEqual({ status: 'best-effort', iterations: most });
      const revised = server.asked.find(({ role }) => role === 'reviser');
      expect(revised?.maxTokens).toBe(tokens);
    },
  );

  it('goes on at a gain of exactly 0.02, and stops below', async () => {
    expect(await iterationsOf('code_review', [0, 0.02, 0.02])).toMatchObject({ iterations: 3 });
    await server.close();
    expect(await iterationsOf('code_review', [0, 0.0199])).toMatchObject({ iterations: 2 });
    await server.close();
    // In binary fractions 0.82 − 0.80 is a little less than 0.02.
    expect(await iterationsOf('code_generation', [0.8, 0.82, 0.83])).toMatchObject({
      iterations: 3,
    });
  });

  it.each([
    [0.82, 0.98],
    [0.84, 0.96],
    [0.86, 0.94],
  ])('is met by the mean of two judges who gave %d and %d', async (one, other) => {
    let judged = 0;
    await serve((asked) => {
      if (asked.role !== 'judge') return goodAnswer(asked);
      judged += 1;
      return { text: JSON.stringify({ score: judged % 2 === 1 ? one : other }) };
    });
    const result = await run(server, { tasks: [task('a', { type: 'complex_reasoning' })] });
    const [finished] = eventsOf(result, 'task-finished');
    expect(finished).toMatchObject({ status: 'accepted', result: { score: 0.9, iterations: 1 } });
  });
});

/**
 * What a budget in dollars leaves room for. Only output costs, a dollar per million tokens, so that the
 * most a call can cost is its limit.
 */
async function spendingWith(
  budgetUsd: number,
  options: { plannedFor?: number; judge?: number } = {},
) {
  const { plannedFor, judge = 0.95 } = options;
  await serve((asked) => ({
    ...goodAnswer(asked, { judge }),
    ...(asked.role === 'planner'
      ? { text: JSON.stringify({ tasks: [{ id: 'a', type: 'summarization', prompt: 'Do a' }] }) }
      : {}),
    usage: { input: 100, output: asked.role === 'planner' ? (plannedFor ?? 1) : 1 },
  }));
  await run(server, {
    ...(plannedFor === undefined ? { tasks: [task('a')] } : {}),
    budgetUsd,
    models: ['alpha', 'beta'].map((id) => ({ id, provider: id, price: { input: 0, output: 1 } })),
  });
  const count = (role: string) => server.asked.filter((asked) => asked.role === role).length;
  await server.close();
  return { critics: count('critic'), judges: count('judge'), revisers: count('reviser') };
}

const critique = 1024e-6;
const twoJudgements = 1024e-6;
const revision = 1024e-6;
const alittle = 0.002;

describe('the shares of the budget', () => {
  // A plan that was not needed leaves its share to the others.
  const planning = 0.05;

  it('leave 25% for critiques', async () => {
    const edge = critique / (0.25 + planning);
    expect(await spendingWith(edge * (1 + alittle))).toMatchObject({ critics: 1 });
    expect(await spendingWith(edge * (1 - alittle))).toMatchObject({ critics: 0 });
  });

  it('leave 15% for judgements, the second of which is given up first', async () => {
    const edge = twoJudgements / (0.15 + planning);
    expect(await spendingWith(edge * (1 + alittle))).toMatchObject({ judges: 2 });
    expect(await spendingWith(edge * (1 - alittle))).toMatchObject({ judges: 1 });
  });

  it('leave 45% for answers and their revisions', async () => {
    const edge = revision / (0.45 + planning);
    expect(await spendingWith(edge * (1 + alittle), { judge: 0.5 })).toMatchObject({ revisers: 1 });
    expect(await spendingWith(edge * (1 - alittle), { judge: 0.5 })).toMatchObject({ revisers: 0 });
  });

  it('leave 5% for the plan, and nothing of it where that was used', async () => {
    const edge = twoJudgements / 0.15;
    const plannedFor = Math.ceil(edge * planning * 1e6 * (1 + alittle));
    expect(await spendingWith(edge * (1 + alittle), { plannedFor })).toMatchObject({ judges: 2 });
    expect(await spendingWith(edge * (1 - alittle), { plannedFor })).toMatchObject({ judges: 1 });
    expect(await spendingWith(edge * (1 - alittle), { plannedFor: 1 })).toMatchObject({
      judges: 2,
    });
  });
});
