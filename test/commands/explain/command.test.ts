import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RoutingDecision } from '../../../source/domain/routing-decision.ts';
import { openTelemetryStore } from '../../../source/telemetry/index.ts';
import { runCommandLine } from '../../support/context.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

/** Two models: one dear and good, one cheap and as good. */
async function history(): Promise<string> {
  const database = join(temporaryDirectory(), 'telemetry.db');
  const store = openTelemetryStore({ path: database });
  for (let index = 0; index < 120; index += 1) {
    const dear = index % 2 === 0;
    store.recordRoutingEvent('p-1', `t-${index}`, {
      taskType: index < 100 ? 'summarization' : 'house_style',
      model: dear ? 'dear' : 'cheap',
      score: dear ? 0.9 : 0.89,
      costUsd: dear ? 0.02 : 0.001,
      iterations: 1,
      deterministicPassed: true,
    });
  }
  await store.close();
  return database;
}

async function explain(...argv: string[]) {
  const directory = temporaryDirectory();
  return runCommandLine(['explain', ...argv], {
    environment: { ORCHESTRATOR_CACHE_DIR: directory, HOME: directory },
    workingDirectory: directory,
  });
}

describe('explain', () => {
  it('prints the decision with the history it rests on', async () => {
    const { exitCode, stdout } = await explain('summarization', '--db', await history(), '--json');
    expect(exitCode).toBe(0);
    const decision = JSON.parse(stdout) as RoutingDecision;
    expect(decision).toMatchObject({
      taskType: 'summarization',
      qualityTolerance: 0.05,
      greedyChoice: 'cheap',
    });
    const cheap = decision.candidates.find(({ model }) => model === 'cheap');
    expect(cheap?.history?.callCount).toBe(50);
    expect(cheap?.history?.qualityScore).toBeCloseTo(0.89, 9);
    expect(cheap?.historyWeight).toBe(1);
  });

  it('says in one sentence that a server is away, and no more than that', async () => {
    const { stderr, stdout } = await explain(
      'summarization',
      '--db',
      'postgres://me@127.0.0.1:1/history',
    );
    expect(stdout).not.toContain('cannot be reached');
    expect(stderr).toMatch(/^This run starts without any history\. .* cannot be reached .*\.\n/u);
    expect(stderr).not.toContain('Warning');
  });

  it('understands the short name of the screens, and types of the user', async () => {
    const database = await history();
    expect((await explain('summarize', '--db', database)).stdout).toContain('cheap');
    expect((await explain('house_style', '--db', database)).exitCode).toBe(0);
  });

  it('says the same twice, since it samples with one seed', async () => {
    const database = await history();
    const first = await explain('summarization', '--db', database, '--json');
    const second = await explain('summarization', '--db', database, '--json');
    const reasons = ({ stdout }: { stdout: string }) =>
      (JSON.parse(stdout) as RoutingDecision).candidates.map(({ model, rank }) => [model, rank]);
    expect(reasons(second)).toEqual(reasons(first));
  });

  it('names the task types it knows where it does not know one', async () => {
    const { exitCode, stderr } = await explain('cooking', '--db', await history());
    expect(exitCode).toBe(2);
    expect(stderr).toContain('There is no task type "cooking": use one of code_generation');
    expect(stderr).toContain('house_style');
  });

  it('says the ways on where there is neither a model nor a history', async () => {
    const { exitCode, stderr } = await explain('summarization');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('orchestrator demo');
  });
});
