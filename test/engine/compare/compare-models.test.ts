import { afterEach, describe, expect, it } from 'vitest';
import { defaultRoutingSettings, openPolicy } from '../../../source/domain/policy.ts';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { seededRandom } from '../../../source/domain/runtime.ts';
import {
  compareModels,
  type ComparisonOptions,
} from '../../../source/engine/compare/compare-models.ts';
import { connectModels, goodAnswer, quick } from '../support/run.ts';
import { startScriptedServer, type ScriptedServer } from '../support/scripted-server.ts';

let server: ScriptedServer;
afterEach(() => server.close());

const item = (name: string) => ({ prompt: name, criteria: '', validators: [], priorWork: [] });

async function compare(options: Pick<ComparisonOptions, 'isDecided' | 'concurrency'>) {
  server = await startScriptedServer((asked) => goodAnswer(asked));
  const { client, offers } = await connectModels(server);
  const events: RunEvent[] = [];
  const outcome = await compareModels({
    projectId: 'compare-test',
    project: 'Compare',
    criteria: '',
    models: ['alpha', 'beta'],
    taskType: 'summarization',
    items: ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].map(item),
    budgetUsd: 8,
    timeLimitSeconds: 60,
    offers,
    client,
    history: [],
    routing: defaultRoutingSettings,
    policy: openPolicy,
    simulated: false,
    clock: () => Date.now() / 1000,
    random: seededRandom(1),
    pid: 1,
    emit: (event) => events.push(event),
    tuning: quick,
    ...options,
  });
  return { outcome, events };
}

describe('a comparison', () => {
  it('counts no pair after the one that decides it, even of those answered beside it', async () => {
    const looks: number[] = [];
    const { outcome, events } = await compare({
      concurrency: 3,
      isDecided(pairs) {
        looks.push(pairs.length);
        return pairs.length >= 4;
      },
    });
    expect(outcome.status).toBe('success');
    // The second three were answered at once, and its first one decides.
    expect(outcome.pairs).toHaveLength(4);
    expect(looks).toEqual([1, 2, 3, 4]);
    expect(events.filter(({ type }) => type === 'task-finished')).toHaveLength(12);
  });

  it('says that there are no further tasks where none decides', async () => {
    const { outcome } = await compare({ concurrency: 2, isDecided: () => false });
    expect(outcome).toMatchObject({ status: 'partial', message: 'There are no further tasks.' });
    expect(outcome.pairs).toHaveLength(7);
  });
});
