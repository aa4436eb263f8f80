import { seededRandom } from '../../../source/domain/runtime.ts';
import { defaultRoutingSettings, openPolicy } from '../../../source/domain/policy.ts';
import type { RunEvent, RunEventOf, TaskSpec } from '../../../source/domain/run-event.ts';
import { runProject, type RunOptions, type RunOutcome } from '../../../source/engine/index.ts';
import { connectProviders } from '../../../source/providers/index.ts';
import type { Answer, Asked, Reply, ScriptedServer } from './scripted-server.ts';

/** Dollars per million tokens of the models that tests run against. */
export const price = { input: 1, output: 2 };

/** Three models of two providers, on one server. */
export const models = ['alpha', 'beta', 'gamma'] as const;

export const quick = {
  backoffBaseMs: 1,
  backoffCapMs: 5,
  breakerCooldownMs: 20,
  maxRetryAfterMs: 500,
  callTimeoutMs: 2000,
  graceMs: 500,
};

export function task(id: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return { id, type: 'summarization', prompt: `Do ${id}`, dependsOn: [], validators: [], ...more };
}

export type Run = { outcome: RunOutcome; events: RunEvent[] };

type Offered = { id: string; provider: string; price?: typeof price; taskTypes?: string[] };

/** Models on a server, through the real providers. */
export function connectModels(
  server: Pick<ScriptedServer, 'baseUrl'>,
  offered: readonly Offered[] = defaultModels,
) {
  const kind = 'openai-compatible' as const;
  const providers = offered.map(({ provider }) => [provider, { kind, baseUrl: server.baseUrl }]);
  return connectProviders({
    settings: {
      providers: Object.fromEntries(providers),
      models: offered.map((model) => ({ price, ...model })),
      catalogue: false,
    },
    environment: {},
  });
}

/** Runs a project against a server through the real providers. */
export async function run(
  server: Pick<ScriptedServer, 'baseUrl'>,
  options: Partial<RunOptions> & { models?: readonly Offered[] } = {},
): Promise<Run> {
  const { models: offered = defaultModels, ...more } = options;
  const { client, offers } = await connectModels(server, offered);
  const events: RunEvent[] = [];
  const outcome = await runProject({
    projectId: 'p-test',
    project: 'Test',
    criteria: 'Good',
    budgetUsd: 8,
    timeLimitSeconds: 60,
    concurrency: 3,
    offers,
    client,
    history: [],
    routing: { ...defaultRoutingSettings, strategy: 'greedy' },
    policy: openPolicy,
    simulated: false,
    clock: () => Date.now() / 1000,
    random: seededRandom(1),
    pid: 1,
    emit: (event) => events.push(event),
    ...more,
    tuning: { ...quick, ...more.tuning },
  });
  return { outcome, events };
}

export const defaultModels = [
  { id: 'alpha', provider: 'first' },
  { id: 'beta', provider: 'second' },
  { id: 'gamma', provider: 'first' },
];

export function eventsOf<Type extends RunEvent['type']>(
  { events }: Run,
  type: Type,
): RunEventOf<Type>[] {
  return events.filter((event): event is RunEventOf<Type> => event.type === type);
}

/** What a well-behaved model answers; a test replaces the parts that it is about. */
export function goodAnswer(asked: Asked, scores: { judge?: number } = {}): Answer {
  switch (asked.role) {
    case 'planner': {
      return {
        text: JSON.stringify({
          tasks: [
            { id: 'outline', type: 'complex_reasoning', prompt: 'Outline it', dependsOn: [] },
            { id: 'text', type: 'creative_writing', prompt: 'Write it', dependsOn: ['outline'] },
          ],
        }),
      };
    }
    case 'critic': {
      return { text: 'The ending is weak.' };
    }
    case 'judge': {
      return { text: JSON.stringify({ reasoning: 'fine', score: scores.judge ?? 0.95 }) };
    }
    case 'generator':
    case 'reviser':
    case undefined: {
      return { text: `Answer to: ${asked.section('task') ?? '?'}` };
    }
  }
}

/** Cost in dollars of everything that a server reported as used. */
export function costOf({ usage }: ScriptedServer): number {
  return [...usage.values()].reduce(
    (sum, { input, output }) => sum + (input * price.input + output * price.output) / 1e6,
    0,
  );
}

export type Script = (asked: Asked) => Reply | Promise<Reply>;
