import { daySeconds } from '../../source/domain/durations.ts';
import { noScores, withScore } from '../../source/domain/moments.ts';
import { openPolicy } from '../../source/domain/policy.ts';
import { createProfileStore, routeTask } from '../../source/routing/index.ts';
import {
  historyOf,
  type ScoreSliceRecord,
  type SnapshotRecord,
} from '../../source/telemetry/history/index.ts';
import { createRng, sampleScore, type Grading } from './rng.ts';
import { atMost, type Figure } from './figure.ts';

const tasksPerRun = 100;
const runsBefore = 20;
const runsAfter = 5;

type Shares = { worseBefore: number; fallenAfter: number };

/**
 * Two models at one price, one 15 points better until it loses 20 and is 5 points worse: the share of
 * traffic on the worse one before, and on the fallen one 500 tasks after.
 */
function follow(seed: number, grading: Grading, tasksInRun: number): Shares {
  const rng = createRng(seed);
  const models = ['fallen', 'steady'].map((id) => ({ id, provider: 'p', defaultCostUsd: 0.001 }));
  const snapshots: SnapshotRecord[] = [];
  const scoreSlices: ScoreSliceRecord[] = [];
  const taskType = 'code_generation';
  const runs = ((runsBefore + runsAfter + 1) * tasksPerRun) / tasksInRun;
  const change = runsBefore * tasksPerRun;
  const counted = { before: [0, 0], after: [0, 0] };
  for (let run = 0, task = 0; run < runs; run += 1) {
    const now = (run + 200) * daySeconds;
    const profiles = createProfileStore({
      models,
      history: historyOf({ now, snapshots, scoreSlices }),
    });
    const seen = [noScores, noScores];
    for (let index = 0; index < tasksInRun; index += 1, task += 1) {
      const { chosen } = routeTask({
        profiles,
        taskType,
        settings: { strategy: 'adaptive', qualityTolerance: 0, exploration: 0.2 },
        policy: openPolicy,
        random: rng.random,
      });
      const model = chosen === 'fallen' ? 0 : 1;
      const quality = model === 1 ? 0.7 : task < change ? 0.85 : 0.65;
      const score = sampleScore(rng, quality, grading);
      seen[model] = withScore(seen[model] ?? noScores, score);
      profiles.observe({
        model: chosen ?? '',
        taskType,
        score,
        failed: false,
        costUsd: 0.001,
        latencyMs: 1000,
        policyViolation: false,
        validatorsPassed: true,
      });
      const counts = task < change ? counted.before : counted.after;
      const isCounted =
        task < change ? task >= change / 2 : task >= change + runsAfter * tasksPerRun;
      if (isCounted) counts[model] = (counts[model] ?? 0) + 1;
    }
    for (const snapshot of profiles.snapshots()) snapshots.push({ ...snapshot, recordedAt: now });
    for (const [model, { id }] of models.entries()) {
      const scores = seen[model] ?? noScores;
      if (scores.n > 0) scoreSlices.push({ model: id, taskType, from: now, scores });
    }
  }
  return {
    worseBefore: share(counted.before, counted.before[1] ?? 0),
    fallenAfter: share(counted.after, counted.after[0] ?? 0),
  };
}

function share([fallen = 0, steady = 0]: number[], of: number): number {
  return of / (fallen + steady);
}

export function driftFigures(seeds: number): Figure[] {
  const ways = [
    ['all-or-nothing', tasksPerRun],
    ['graded', tasksPerRun],
    ['all-or-nothing', 500],
    ['all-or-nothing', 2600],
  ] as const;
  return ways.flatMap(([grading, tasksInRun]) => {
    const all = Array.from({ length: seeds }, (_, seed) => follow(seed + 1, grading, tasksInRun));
    const mean = (pick: (shares: Shares) => number): number =>
      all.reduce((sum, shares) => sum + pick(shares), 0) / seeds;
    const how = `${grading}, runs of ${tasksInRun}`;
    return [
      atMost(
        `on the worse model before a change, ${how}`,
        0.15,
        mean(({ worseBefore }) => worseBefore),
      ),
      atMost(
        `still on the fallen one 500 tasks after, ${how}`,
        0.25,
        mean(({ fallenAfter }) => fallenAfter),
      ),
    ];
  });
}
