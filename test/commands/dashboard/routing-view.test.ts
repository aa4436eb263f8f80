import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRoutingView } from '../../../source/commands/dashboard/routing-view.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

async function viewOf(
  directory: string,
  { configPath, isQuick = () => true }: { configPath?: string; isQuick?: () => boolean } = {},
) {
  const database = join(directory, 'telemetry.db');
  const store = openTelemetryStore({ path: database });
  for (let index = 0; index < 60; index += 1) {
    store.recordRoutingEvent('p-1', `t-${index}`, {
      taskType: index < 55 ? 'summarization' : 'house_style',
      model: 'a-model',
      score: 0.9,
      costUsd: 0.01,
      iterations: 1,
      deterministicPassed: true,
    });
  }
  await store.close();
  return createRoutingView({
    database,
    isQuick,
    configPath,
    workingDirectory: directory,
    environment: { HOME: directory },
    clock: () => Date.now() / 1000,
    simulated: false,
  });
}

it('answers at once that it does not know yet, and knows when it says so', async () => {
  const view = await viewOf(temporaryDirectory());
  expect(view.explain('summarization')).toBeUndefined();
  await view.whenExplained;
  expect(view.explain('summarization')?.greedyChoice).toBe('a-model');
  expect(view.explain('summarization', 0.2)?.qualityTolerance).toBe(0.2);
  expect(view.problem()).toBeUndefined();
});

it('is not read beside a history that is being summed up, unless somebody asks', async () => {
  let looks = 0;
  const view = await viewOf(temporaryDirectory(), { isQuick: () => ++looks === 2 });
  await view.whenExplained;
  expect(looks).toBe(2);
  expect(view.explain('summarization')?.greedyChoice).toBe('a-model');
  const asked = await viewOf(temporaryDirectory(), { isQuick: () => false });
  asked.explain('summarization');
  await asked.whenExplained;
  expect(asked.explain('summarization')?.greedyChoice).toBe('a-model');
});

it('keeps the reason where there is no explanation', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'orchestrator.yaml'), 'routing: {strategy: magic}\n');
  const view = await viewOf(directory);
  view.explain('summarization');
  await view.whenExplained;
  expect(view.explain('summarization')).toBeUndefined();
  expect(view.problem()).toHaveProperty('message', expect.stringContaining('orchestrator.yaml:1:'));
});

it("knows the user's own task types when it writes configuration", async () => {
  const view = await viewOf(temporaryDirectory());
  view.explain('summarization');
  await view.whenExplained;
  const lines = view.configurationFor({
    kind: 'switch',
    taskType: 'summarization',
    model: 'a-model',
    evidence: { n: 50 },
    message: 'Do it',
  });
  expect(lines).toContain('house_style');
});
