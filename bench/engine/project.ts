import { openPolicy } from '../../source/domain/policy.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import type { TaskSpec } from '../../source/domain/run-event.ts';
import type { RunOptions } from '../../source/engine/index.ts';
import { connectProviders } from '../../source/providers/index.ts';

/** Three models of two providers on one server, priced so that money matters. */
export async function connect(baseUrl: string) {
  const price = { input: 1, output: 2 };
  return connectProviders({
    settings: {
      providers: {
        first: { kind: 'openai-compatible', baseUrl },
        second: { kind: 'openai-compatible', baseUrl },
      },
      models: [
        { id: 'alpha', provider: 'first', price },
        { id: 'beta', provider: 'second', price },
        { id: 'gamma', provider: 'first', price },
      ],
      catalogue: false,
    },
    environment: {},
  });
}

export function independentTasks(count: number): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `t${index}`,
    type: 'summarization',
    prompt: `Do t${index}`,
    dependsOn: [],
    validators: [],
  }));
}

/** What every run of the benchmark has in common. */
export function baseOptions(
  connection: Pick<RunOptions, 'client' | 'offers'>,
  seed = 1,
): Omit<RunOptions, 'emit'> {
  return {
    ...connection,
    projectId: 'bench',
    project: 'Bench',
    criteria: 'Good',
    budgetUsd: 1000,
    timeLimitSeconds: 600,
    concurrency: 1,
    history: [],
    routing: { strategy: 'adaptive', qualityTolerance: 0.05, exploration: 0.2 },
    policy: openPolicy,
    simulated: false,
    clock: () => Date.now() / 1000,
    random: seededRandom(seed),
    pid: 1,
  };
}
