import { expect, it } from 'vitest';
import type { SharedRun } from '../../../source/domain/shared-run.ts';
import { createSharedRuns } from '../../../source/telemetry/shared/shared-runs.ts';

const now = 1000;
const run = (projectId: string, more: Partial<SharedRun> = {}): SharedRun => ({
  projectId,
  machine: 'build-07',
  at: now,
  startedAt: now - 60,
  lastEventAt: now,
  budgetUsd: 1,
  spentUsd: 0,
  timeLimitSeconds: 60,
  concurrency: 1,
  simulated: false,
  taskCount: 0,
  doneCount: 0,
  averageQuality: null,
  models: [],
  tasks: [],
  ...more,
});

it('runs of other machines are in progress while they speak and have not ended', async () => {
  const ended = { at: now, status: 'success', resumable: false } as const;
  const shown = [run('going'), run('over', { ended }), run('silent', { lastEventAt: now - 60 })];
  const runs = createSharedRuns(
    {
      shownRuns: () => Promise.resolve(shown),
      recordedRuns: () => Promise.resolve([]),
      recordedRun: () => Promise.resolve(undefined),
    },
    () => now,
  );
  await runs.ask();
  expect(runs.live(now).map(({ projectId }) => projectId)).toEqual(['going']);
  const standing = runs.list(now).map(({ projectId, status }) => [projectId, status]);
  expect(Object.fromEntries(standing)).toEqual({
    going: 'running',
    over: 'success',
    silent: 'interrupted',
  });
});
