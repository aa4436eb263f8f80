import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playStory } from '../../../source/commands/demo/play-story.ts';
import { cachePaths } from '../../../source/commands/shared/cache-paths.ts';
import type { RunEvent } from '../../../source/domain/run-event.ts';
import { secondsTaken } from '../../../source/domain/run-state.ts';
import { standardOf } from '../../../source/domain/task-standard.ts';
import { journalPath, listRuns, readRun } from '../../../source/engine/index.ts';
import { eachEvent } from '../../../source/engine/journal/read.ts';
import { openInsightReader } from '../../../source/telemetry/index.ts';

/** The runs of a story as its journals tell them, and what its database has. */
async function toldStory(folder: string) {
  const paths = cachePaths({ ORCHESTRATOR_CACHE_DIR: folder });
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
  const types = reading.status === 'ready' ? Object.keys(reading.insight.leaders) : [];
  const recorded = types.flatMap((taskType) => reader.lastTasks(taskType, 90) ?? []);
  reader.close();
  if (reading.status !== 'ready') throw new Error('nothing was read');
  const listed = listRuns({ directory: paths.runs, now });
  const runs = listed.map(({ projectId }) => {
    const events: RunEvent[] = [];
    eachEvent(journalPath(paths.runs, projectId), (event) => events.push(event));
    return { projectId, events, ...readRun({ directory: paths.runs, projectId, now }) };
  });
  return { insight: reading.insight, recorded, listed, runs };
}

let directory = '';
let story: Awaited<ReturnType<typeof toldStory>>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'orchestrator-story-'));
  story = await toldStory(directory);
}, 120_000);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

it('lists every run of the story on the day, with the money and the score that its numbers have', () => {
  const { insight, listed } = story;
  const { summary, spendByProject, spendByDay } = insight;
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
});

it('has of every task what was written, what was said of it, and why it went on', () => {
  for (const { report } of story.runs) {
    for (const { attempts, score } of report.tasks) {
      expect(attempts.length).toBeGreaterThan(0);
      for (const { answer, critiques, judgements, score: own } of attempts) {
        expect(answer?.length).toBeGreaterThan(50);
        expect(critiques.every(({ text }) => text.includes('1. '))).toBe(true);
        expect(judgements.length).toBeGreaterThan(0);
        const given = judgements.map((one) => one.score ?? 0);
        const mean = given.reduce((all, one) => all + one, 0) / given.length;
        expect(own).toBeCloseTo(mean, 3);
        for (const { text, score: judged } of judgements) {
          expect(text).toContain(`"score":${judged}`);
        }
      }
      expect(attempts.map((attempt) => attempt.score)).toContain(score);
    }
  }
});

it('never contradicts itself: checks, marks and states say the same', () => {
  for (const { report } of story.runs) {
    for (const { attempts, score, status, taskType } of report.tasks) {
      const last = attempts.at(-1);
      const { acceptAt, maxIterations } = standardOf(taskType);
      expect(attempts.length).toBeLessThanOrEqual(maxIterations);
      const isEnough = (score ?? 0) >= acceptAt;
      const best = attempts.find((attempt) => attempt.score === score);
      expect(status).toBe(isEnough && best?.failedChecks.length === 0 ? 'accepted' : 'best-effort');
      expect(last?.followedBecause).toBeUndefined();
    }
    const allAccepted = report.tasks.every(({ status }) => status === 'accepted');
    expect(report.overview.status).toBe(allAccepted ? 'success' : 'partial');
  }
});

it('never contradicts itself in time: calls in attempts, attempts in tasks, tasks in their run', () => {
  const { runs, recorded } = story;
  const states = new Map(runs.map(({ projectId, state }) => [projectId, state]));
  for (const { state, events } of runs) {
    const endedAt = state.finished?.at ?? 0;
    expect(secondsTaken(state, endedAt)).toBeGreaterThan(0);
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { startedAt = 0, finishedAt = 0, attempts } of state.tasks.values()) {
      expect(startedAt).toBeGreaterThanOrEqual(state.startedAt);
      expect(finishedAt).toBeLessThanOrEqual(endedAt);
      const worked = attempts.reduce((all, { latencyMs }) => all + latencyMs, 0);
      // Unix seconds have a millionth of a second left in a double.
      expect(worked / 1000).toBeLessThanOrEqual(finishedAt - startedAt + 1e-5);
    }
  }
  expect(recorded.length).toBeGreaterThan(500);
  for (const { projectId, taskId, recordedAt } of recorded) {
    const finishedAt = states.get(projectId)?.tasks.get(taskId)?.finishedAt ?? 0;
    expect(Math.abs(recordedAt - finishedAt)).toBeLessThan(0.001);
  }
});

it('is paid for what was written: tokens are those of the texts', () => {
  for (const { events } of story.runs) {
    for (const event of events) {
      if (event.type !== 'call-finished') continue;
      const written = (event.answer?.text.length ?? 0) / 4;
      const told = event.usage?.outputTokens ?? 0;
      expect(Math.abs(written - told)).toBeLessThan(Math.max(40, 0.4 * told));
      expect(event.costUsd).toBeGreaterThan(0);
    }
  }
});
