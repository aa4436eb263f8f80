import { afterEach, describe, expect, it } from 'vitest';
import type { CellHistory } from '../../source/domain/profile.ts';
import { goodAnswer, run, task, type Run } from './support/run.ts';
import { startScriptedServer, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const cell = (
  model: string,
  qualityScore: number,
  avgCostUsd: number,
  calls = 400,
): CellHistory => ({
  model,
  taskType: 'summarization',
  effectiveCalls: calls,
  scoreVariance: 0.02,
  profile: {
    qualityScore,
    avgCostUsd,
    trustFactor: 1,
    avgLatencyMs: 10,
    latencyP95Ms: 20,
    successRate: 1,
    callCount: calls,
    failureCount: 0,
    validatorFailCount: 0,
    confidence: 'HOT',
  },
});
const models = [
  { id: 'cheap', provider: 'of-cheap', price: { input: 0.1, output: 0.1 } },
  { id: 'strong', provider: 'of-strong', price: { input: 1, output: 1 } },
  ...['one', 'other'].map((id) => ({
    id,
    provider: `of-${id}`,
    price: { input: 0.5, output: 0.5 },
    taskTypes: ['evaluation'],
  })),
];

/** Two tasks, the first answers to the second of which are judged not good enough. */
async function play(
  portfolio: boolean,
  history = [cell('cheap', 0.84, 0.001), cell('strong', 0.865, 0.01)],
): Promise<Run> {
  server = await startScriptedServer((asked) => {
    if (asked.role === 'reviser') return { text: 'Better' };
    const isPoor =
      asked.section('task')?.includes('Do b') === true && asked.section('answer') !== 'Better';
    return goodAnswer(asked, { judge: isPoor ? 0.6 : 0.9 });
  });
  return run(server, {
    tasks: [task('a'), task('b')],
    models,
    history,
    concurrency: 1,
    routing: { strategy: 'adaptive', qualityTolerance: 0.02, exploration: 0, portfolio },
  });
}

const authors = () =>
  server.asked.flatMap(({ role, model, section }) =>
    role === 'generator' || role === 'reviser'
      ? [`${section('task')?.includes('Do b') === true ? 'b' : 'a'} ${role} ${model}`]
      : [],
  );

describe('a portfolio that the history shows to pay', () => {
  it('has a cheap model answer first, and the stronger one only what is judged not good enough', async () => {
    const { outcome, events } = await play(true);
    expect(authors()).toEqual(['a generator cheap', 'b generator cheap', 'b reviser strong']);
    expect(outcome.status).toBe('success');
    const decisions = events.flatMap((event) =>
      event.type === 'task-routed' ? event.decision : [],
    );
    expect(decisions[0]).toMatchObject({
      chosen: 'cheap',
      greedyChoice: 'cheap',
      exploration: false,
      portfolio: { first: 'cheap', second: 'strong', alone: { model: 'strong' }, used: true },
    });
    expect(decisions[0]?.reason).toMatch(
      /^cheap for .*: first, then strong where that is judged not good enough: .* with strong alone\.$/,
    );
  });

  it('is only reported where it is turned off', async () => {
    const { events } = await play(false);
    expect(authors()).toEqual(['a generator strong', 'b generator strong', 'b reviser strong']);
    const [decision] = events.flatMap((event) =>
      event.type === 'task-routed' ? event.decision : [],
    );
    expect(decision?.portfolio?.used).toBe(false);
    expect(decision?.reason).toContain(
      'With routing.portfolio it would be cheap, first, then strong',
    );
  });

  it('is none before there is enough of a history', async () => {
    const { events } = await play(true, [
      cell('cheap', 0.84, 0.001, 15),
      cell('strong', 0.865, 0.01, 15),
    ]);
    const [decision] = events.flatMap((event) =>
      event.type === 'task-routed' ? event.decision : [],
    );
    expect(decision).toBeDefined();
    expect(decision?.portfolio).toBeUndefined();
  });

  it('goes on where it was when a stopped run is continued', async () => {
    const stop = new AbortController();
    server = await startScriptedServer((asked) => {
      if (
        asked.role === 'judge' &&
        asked.section('task')?.includes('Do b') === true &&
        !stop.signal.aborted
      ) {
        stop.abort();
      }
      if (asked.role === 'reviser') return { text: 'Better' };
      return goodAnswer(asked, { judge: asked.section('answer') === 'Better' ? 0.9 : 0.6 });
    });
    const options = {
      tasks: [task('b')],
      models,
      history: [cell('cheap', 0.84, 0.001), cell('strong', 0.865, 0.01)],
      concurrency: 1,
      routing: {
        strategy: 'adaptive' as const,
        qualityTolerance: 0.02,
        exploration: 0,
        portfolio: true,
      },
    };
    const first = await run(server, { ...options, signal: stop.signal });
    await run(server, { ...options, resumeFrom: first.events });
    expect(authors().at(-1)).toBe('b reviser strong');
  });
});
