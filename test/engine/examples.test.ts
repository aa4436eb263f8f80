import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { defaultRoutingSettings, openPolicy } from '../../source/domain/policy.ts';
import { seededRandom } from '../../source/domain/runtime.ts';
import { readProjectFile, runProject } from '../../source/engine/index.ts';
import { quick } from './support/run.ts';
import { connectProviders, startSimulator } from '../../source/providers/index.ts';

const examples = resolve(import.meta.dirname, '../../examples');

const projects = readdirSync(examples).filter((name) => name.endsWith('.yaml'));

it.each(projects)('%s runs in the simulator', async (name) => {
  const { project, criteria, budget = 8, tasks } = readProjectFile(join(examples, name));
  const simulator = await startSimulator({ seed: 1, pace: 0 });
  const { client, offers } = await connectProviders({
    settings: simulator.settings,
    environment: {},
  });
  const outcome = await runProject({
    projectId: 'example',
    project,
    criteria,
    budgetUsd: budget,
    timeLimitSeconds: 20,
    concurrency: 3,
    offers,
    client,
    history: [],
    routing: defaultRoutingSettings,
    policy: openPolicy,
    simulated: true,
    clock: () => Date.now() / 1000,
    random: seededRandom(1),
    pid: 1,
    emit: () => {},
    tuning: quick,
    ...(tasks === undefined ? {} : { tasks }),
  });
  await simulator.close();
  expect(['success', 'partial']).toContain(outcome.status);
  expect(outcome.results.length).toBe(tasks?.length);
  expect(outcome.spentUsd).toBeLessThanOrEqual(budget);
});
