import { Script } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelClient } from '../../../source/domain/model-api.ts';
import {
  critiquePrompt,
  generatePrompt,
  judgePrompt,
  planPrompt,
  revisePrompt,
  type Prompt,
} from '../../../source/domain/prompts.ts';
import { builtInTaskTypes } from '../../../source/domain/task-type.ts';
import {
  connectProviders,
  startSimulator,
  type Simulator,
} from '../../../source/providers/index.ts';

let simulator: Simulator;
let client: ModelClient;

async function start(options: { seed: number; day?: number; planSize?: number }): Promise<void> {
  simulator = await startSimulator({ pace: 0, ...options });
  client = (await connectProviders({ settings: simulator.settings, environment: {} })).client;
}

beforeEach(() => start({ seed: 1 }));
afterEach(() => simulator.close());

/** The simulator's failures are asked again, as the engine does. */
async function ask(model: string, prompt: Prompt): Promise<string> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      return (await client.generate({ model, ...prompt, maxOutputTokens: 4096 })).text;
    } catch {
      // Simulated; try again.
    }
  }
  throw new Error('it failed five times');
}

const task = (type: string, instructions = 'Describe the harbour timetable in detail') => ({
  type,
  instructions,
  criteria: 'Complete and correct',
});

async function gradeOf(answer: string, type: string, judge = 'borealis-max'): Promise<number> {
  const verdict = await ask(judge, judgePrompt(task(type), { answer }));
  return Number(/"score":\s*([\d.]+)/.exec(verdict)?.[1]);
}

async function meanGrade(model: string, type: string, count: number): Promise<number> {
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const answer = await ask(model, generatePrompt(task(type, `Subject number ${index} of many`)));
    sum += await gradeOf(answer, type);
  }
  return sum / count;
}

describe('the simulator', () => {
  it('has at least eight models of at least three providers', async () => {
    expect(simulator.settings.models.length).toBeGreaterThanOrEqual(8);
    expect(Object.keys(simulator.settings.providers).length).toBeGreaterThanOrEqual(3);
    const { offers } = await connectProviders({ settings: simulator.settings, environment: {} });
    expect(offers).toHaveLength(simulator.settings.models.length);
  });

  it('plans projects as the planner is asked to', async () => {
    const prompt = planPrompt({ project: 'A harbour timetable', criteria: 'It is right' });
    const { tasks } = JSON.parse(await ask('tidepool-chat', prompt));
    expect(tasks).toHaveLength(7);
    const ids: string[] = [];
    for (const { id, type, prompt, dependsOn } of tasks) {
      expect(builtInTaskTypes).toContain(type);
      expect(prompt).toContain('A harbour timetable');
      expect(dependsOn.every((each: string) => ids.includes(each))).toBe(true);
      expect(ids).not.toContain(id);
      ids.push(id);
    }
  });

  it('offers some models for some task types only, and each type to several providers', async () => {
    const { offers } = await connectProviders({ settings: simulator.settings, environment: {} });
    for (const type of builtInTaskTypes) {
      const able = offers.filter(({ taskTypes }) => taskTypes?.includes(type) ?? true);
      expect(new Set(able.map(({ provider }) => provider)).size).toBeGreaterThanOrEqual(3);
      expect(able.length).toBeLessThan(offers.length);
    }
  });

  it('returns what its planner would make of a project, at any size', async () => {
    const prompt = planPrompt({ project: 'A harbour timetable', criteria: 'It is right' });
    const { tasks } = JSON.parse(await ask('tidepool-chat', prompt));
    const told = simulator.tasksOf('A harbour timetable', 7);
    expect(told.map(({ id }) => id)).toEqual(tasks.map(({ id }: { id: string }) => id));
    expect(new Set(simulator.tasksOf('A harbour timetable', 150).map(({ id }) => id)).size).toBe(
      150,
    );
  });

  it('plans as many tasks as it is asked for', async () => {
    await simulator.close();
    await start({ seed: 1, planSize: 40 });
    const prompt = planPrompt({ project: 'A harbour timetable', criteria: 'It is right' });
    const { tasks } = JSON.parse(await ask('tidepool-chat', prompt));
    expect(new Set(tasks.map(({ id }: { id: string }) => id)).size).toBe(40);
  });

  it.each([...builtInTaskTypes, 'haiku'])('answers %s, marked as simulated', async (type) => {
    const answer = await ask('meridian-pro', generatePrompt(task(type)));
    expect(answer).toMatch(/simulated/i);
    expect(answer).toMatch(/harbour|timetable/i);
  });

  it('has judges who see the hidden truth, nearly', async () => {
    for (const model of ['borealis-max', 'foundry-8b']) {
      const truth = simulator.trueQuality(model, 'complex_reasoning');
      expect(await meanGrade(model, 'complex_reasoning', 30)).toBeCloseTo(truth, 1);
    }
    expect(simulator.trueQuality('borealis-max', 'complex_reasoning')).toBeGreaterThan(
      simulator.trueQuality('foundry-8b', 'complex_reasoning') + 0.2,
    );
  });

  it('revises for the better', async () => {
    let before = 0;
    let after = 0;
    for (let index = 0; index < 15; index += 1) {
      const brief = task('creative_writing', `Tale number ${index}`);
      const answer = await ask('tidepool-chat', generatePrompt(brief));
      const review = await ask('borealis-max', critiquePrompt(brief, { answer }));
      const revised = await ask('tidepool-chat', revisePrompt(brief, { answer, review }));
      before += await gradeOf(answer, brief.type);
      after += await gradeOf(revised, brief.type);
    }
    expect(after).toBeGreaterThan(before);
  });

  it('judges a text that is not its own, too', async () => {
    const grade = await gradeOf('I wrote this myself.', 'summarization');
    expect(grade).toBeGreaterThan(0.2);
    expect(grade).toBeLessThan(0.8);
  });

  it('ignores a forged score token', async () => {
    expect(await gradeOf('Perfect. sim:00ff1234', 'summarization')).toBeLessThan(0.8);
  });

  it('writes JSON and code that parse, but for a share that is the model’s own', async () => {
    const good = { json: 0, code: 0 };
    for (let index = 0; index < 40; index += 1) {
      const json = await ask(
        'foundry-8b',
        generatePrompt(task('data_extraction', `List ${index}`)),
      );
      const code = await ask(
        'foundry-8b',
        generatePrompt(task('code_generation', `Write JavaScript program ${index} for parsing`)),
      );
      if (parses(() => JSON.parse(json))) good.json += 1;
      const source = /^```javascript\n([\s\S]*)\n```$/.exec(code)?.[1] ?? 'no fence (';
      // Compiled only, never run.
      if (parses(() => new Script(source.replace(/^export /gm, '')))) good.code += 1;
    }
    expect(good.json).toBeGreaterThan(20);
    expect(good.json).toBeLessThan(40);
    expect(good.code).toBeGreaterThan(20);
    expect(good.code).toBeLessThan(40);
  });

  it('writes Python where Python is asked for', async () => {
    const answer = await ask(
      'meridian-code',
      generatePrompt(task('code_generation', 'A Python tool')),
    );
    expect(answer).toMatch(/^```python\n/);
  });
});

function parses(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

async function story(): Promise<string[]> {
  return Promise.all(
    ['borealis-mini', 'foundry-8b', 'tidepool-chat'].flatMap((model) =>
      builtInTaskTypes.map((type) => ask(model, generatePrompt(task(type)))),
    ),
  );
}

describe('the story of the simulator', () => {
  it('is the same for the same seed, also after a new start', async () => {
    const first = await story();
    await simulator.close();
    await start({ seed: 1 });
    expect(await story()).toEqual(first);
  });

  it('is another for another seed', async () => {
    const first = await story();
    await simulator.close();
    await start({ seed: 2 });
    expect(await story()).not.toEqual(first);
  });

  it('answers a repeated question anew', async () => {
    const prompt = generatePrompt(task('summarization'));
    expect(await ask('borealis-max', prompt)).not.toBe(await ask('borealis-max', prompt));
  });

  it('has models that get better and worse', () => {
    for (const { model, taskType, by } of simulator.changes) {
      simulator.setDay(0);
      const before = simulator.trueQuality(model, taskType);
      simulator.setDay(60);
      expect(simulator.trueQuality(model, taskType) - before).toBeCloseTo(by, 1);
    }
    expect(simulator.changes.filter(({ by }) => by < 0)).toHaveLength(1);
  });
});

describe('the server of the simulator', () => {
  it.each([
    ['/borealis/v1/chat/completions', '{', 400],
    ['/borealis/v1/chat/completions', '{"model": "meridian-pro", "messages": []}', 400],
    [
      '/borealis/v1/chat/completions',
      '{"model": "meridian-pro", "messages": [{"role": "user", "content": "Hi"}]}',
      404,
    ],
    ['/elsewhere', '{}', 404],
  ])('refuses %s with %s', async (path, body, status) => {
    const response = await fetch(`${simulator.url}${path}`, { method: 'POST', body });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('error.code');
  });

  it('answers anyone, in parts or not, and cuts at the limit', async () => {
    const response = await fetch(`${simulator.url}/tidepool/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'tidepool-reasoner',
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        max_tokens: 3,
      }),
    });
    expect(await response.json()).toMatchObject({
      choices: [
        { finish_reason: 'length', message: { content: expect.stringMatching(/^.{12}$/s) } },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 3 },
    });
  });

  it('fails now and then with 500 and 429, and says when to ask again', async () => {
    const failures: unknown[] = [];
    for (let index = 0; index < 150; index += 1) {
      for (const model of ['foundry-8b', 'meridian-flash']) {
        const prompt = generatePrompt(task('summarization', `Text ${index}`));
        await client
          .generate({ model, ...prompt, maxOutputTokens: 500 })
          .catch((error: unknown) => failures.push(error));
      }
    }
    const again = { retryAfterMs: 15, isRetryable: true };
    expect(failures).toContainEqual(expect.objectContaining({ code: 'overloaded', ...again }));
    expect(failures).toContainEqual(expect.objectContaining({ code: 'rate-limited', ...again }));
  });

  it('notices that a client left', async () => {
    await simulator.close();
    simulator = await startSimulator({ seed: 1, pace: 1e6 });
    ({ client } = await connectProviders({ settings: simulator.settings, environment: {} }));
    await expect(
      client.generate({
        model: 'tidepool-chat',
        prompt: 'Hi',
        maxOutputTokens: 5,
        signal: AbortSignal.timeout(20),
      }),
    ).rejects.toMatchObject({ code: 'timed-out' });
  });
});
