import { afterEach, expect, it } from 'vitest';
import { seededRandom } from '../../source/domain/runtime.ts';
import { eventsOf, goodAnswer, run, task } from './support/run.ts';
import { startScriptedServer, type Reply, type ScriptedServer } from './support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const faults: readonly Reply[] = [
  { status: 429, headers: { 'retry-after-ms': '2' } },
  { status: 500 },
  { status: 503 },
  { status: 400 },
  { fault: 'reset' },
  { fault: 'cut' },
  { fault: 'html' },
  { fault: 'hang' },
  { text: '' },
  { text: 'Half', finish: 'length' },
  { text: 'No.', finish: 'content_filter' },
  { text: 'Sure: {"score": 0.6} I think' },
  { text: '{"score": "high"}' },
  { text: 'without usage', usage: 'none' },
];

it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
  'with faults by seed %i a run ends as it should, every dollar accounted for',
  async (seed) => {
    const random = seededRandom(seed);
    server = await startScriptedServer((asked) => {
      const fault = faults[Math.floor(random() * faults.length)];
      return fault !== undefined && random() < 0.4 ? fault : goodAnswer(asked);
    });
    const budgetUsd = random() < 0.5 ? 0.004 + random() * 0.02 : 1;
    const tasks = ['a', 'b', 'c', 'd'].map((id, index) =>
      task(id, { dependsOn: index > 1 ? ['a'] : [] }),
    );
    let spent = 0;
    const result = await run(server, {
      budgetUsd,
      random,
      tasks,
      concurrency: 1 + Math.floor(random() * 4),
      timeLimitSeconds: 20,
      routing: { strategy: 'adaptive', qualityTolerance: 0.05, exploration: 0.2 },
      tuning: { callTimeoutMs: 200 },
    });
    for (const { costUsd } of eventsOf(result, 'call-finished')) {
      spent += costUsd;
      expect(spent).toBeLessThanOrEqual(budgetUsd + 1e-9);
    }
    const { outcome } = result;
    expect(['success', 'partial', 'budget-exhausted', 'timeout', 'failed']).toContain(
      outcome.status,
    );
    expect(outcome.spentUsd).toBeCloseTo(spent, 9);
    expect(result.events.at(-1)?.type).toBe('run-finished');
    expect(eventsOf(result, 'task-finished')).toHaveLength(outcome.results.length);
    const observed = outcome.snapshots.reduce((sum, { profile }) => sum + profile.callCount, 0);
    expect(observed).toBe(eventsOf(result, 'attempt-finished').length);
    expect(outcome.resumable).toBe(outcome.results.length < tasks.length);
  },
);
