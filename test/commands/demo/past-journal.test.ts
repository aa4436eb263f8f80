import { expect, it } from 'vitest';
import { playStory } from '../../../source/commands/demo/play-story.ts';
import { cachePaths } from '../../../source/commands/shared/cache-paths.ts';
import { listRuns, readRun } from '../../../source/engine/index.ts';
import { openInsightReader } from '../../../source/telemetry/index.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

it('lists every run of the story on the day, with the money and the score that its numbers have', async () => {
  const paths = cachePaths({ ORCHESTRATOR_CACHE_DIR: temporaryDirectory() });
  await playStory({
    paths,
    runs: 2,
    seed: 3,
    name: 'demo',
    pace: 0,
    clock: () => Date.now() / 1000,
    signal: new AbortController().signal,
  });
  const now = Date.now() / 1000;
  const reader = openInsightReader({ path: paths.database, now: () => now, waits: true });
  const reading = reader.read(90);
  reader.close();
  if (reading.status !== 'ready') throw new Error('nothing was read');
  const { summary, spendByProject, spendByDay } = reading.insight;
  const listed = listRuns({ directory: paths.runs, now });
  expect(listed).toHaveLength(summary.runs);
  for (const { projectId, costUsd } of spendByProject) {
    const run = listed.find((one) => one.projectId === projectId);
    expect(run?.spentUsd).toBeCloseTo(costUsd, 9);
  }
  const localDay = (at: number): string => new Date(at * 1000).toDateString();
  const paid = new Set(
    spendByDay.filter(({ costUsd }) => costUsd > 0).map(({ day }) => localDay(day)),
  );
  // A run may begin just before midnight.
  const isPaid = (at: number): boolean => paid.has(localDay(at)) || paid.has(localDay(at + 3600));
  expect(listed.filter(({ startedAt }) => !isPaid(startedAt))).toEqual([]);
  // A task of a run of the past can be opened: who wrote it, what it took, why it went on.
  const past = listed.find(({ projectId }) => projectId.includes('past'));
  const { report } = readRun({ directory: paths.runs, projectId: past?.projectId ?? '', now });
  expect(report.tasks.length).toBe(past?.tasks);
  for (const task of report.tasks) {
    expect(task.attempts.length).toBeGreaterThan(0);
    expect(task.inputTokens).toBeGreaterThan(0);
    expect(task.score).toBe(Math.max(...task.attempts.map(({ score }) => score ?? 0)));
  }
}, 60_000);
