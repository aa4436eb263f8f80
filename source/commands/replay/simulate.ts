import { defined } from '../../domain/defined.ts';
import { daySeconds } from '../../domain/durations.ts';
import { withScore, noScores } from '../../domain/moments.ts';
import { openPolicy, type RoutingSettings } from '../../domain/policy.ts';
import type { CellHistory } from '../../domain/profile.ts';
import { seededRandom } from '../../domain/runtime.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { createProfileStore, type RoutableModel, routeTask } from '../../routing/index.ts';
import {
  historyOf,
  horizonStart,
  type ScoreSliceRecord,
  type SnapshotRecord,
} from '../../telemetry/history/index.ts';
import { meansOf, type OutcomeMeans, type Outcomes } from './outcomes.ts';

export type ReplayOptions = {
  runs: number;
  tasksPerRun: number;
  settings: RoutingSettings;
  seed: number;
  /** Whether every run forgets those before it. */
  cold: boolean;
  /** What is publicly known of the models' strength, as in the catalogue; absent: nothing. */
  strengths?: ReadonlyMap<string, number>;
};

/** One run of a replay, in the form that `--json` prints. */
export type ReplayedRun = {
  /** From 1. */
  run: number;
  tasks: number;
  /** Mean score of the answers given. */
  averageScore: number;
  /** Mean, over the choices made, of the chosen model's mean score for that task type. */
  expectedScore: number;
  /** Share of the tasks that explored. */
  explored: number;
  /** Mean of the known costs of the answers given; null where none is known. */
  averageCostUsd: number | null;
  choices: Record<TaskType, Record<string, number>>;
};

/**
 * Replays recorded outcomes through the real router, profiles, snapshots and warm start. Items are sampled
 * uniformly with replacement; runs are a day apart. The items depend on the seed alone, so that
 * two replays of one seed face the same tasks.
 */
export function* simulateRuns(
  outcomes: Outcomes,
  { runs, tasksPerRun, settings, seed, cold, strengths }: ReplayOptions,
  means: OutcomeMeans = meansOf(outcomes),
): Generator<ReplayedRun> {
  const itemRandom = seededRandom(seed);
  const routeRandom = seededRandom(seed ^ 0x5bd1e995);
  const models = modelsOf(outcomes, means, strengths);
  const past = createPast();
  for (let run = 1; run <= runs; run += 1) {
    // Far enough from 0 that the horizon of 90 days never reaches before it.
    const now = (run + 1000) * daySeconds;
    const profiles = createProfileStore({ models, history: cold ? [] : past.history(now) });
    const slices = new Map<string, ScoreSliceRecord>();
    const totals = { score: 0, expected: 0, cost: 0, costs: 0, explored: 0 };
    const choices = new Map<TaskType, Map<string, number>>();
    for (let task = 0; task < tasksPerRun; task += 1) {
      const item = Math.floor(itemRandom() * outcomes.itemCount);
      const type = outcomes.typeOf(item);
      const taskType = outcomes.taskTypes[type] ?? '';
      const exclude = outcomes.models.filter((_, model) =>
        Number.isNaN(outcomes.score(item, model)),
      );
      const request = {
        profiles,
        taskType,
        settings,
        policy: openPolicy,
        exclude,
        random: routeRandom,
      };
      const { chosen = '', exploration } = routeTask(request);
      profiles.noteChoice(taskType, exploration);
      if (exploration) totals.explored += 1;
      const model = outcomes.models.indexOf(chosen);
      const score = outcomes.score(item, model);
      const costUsd = outcomes.costUsd(item, model);
      const latencyMs = outcomes.latencyMs(item, model);
      profiles.observe({
        model: chosen,
        taskType,
        score,
        failed: false,
        ...(Number.isNaN(costUsd) ? {} : { costUsd }),
        ...(Number.isNaN(latencyMs) ? {} : { latencyMs }),
        policyViolation: false,
        validatorsPassed: true,
      });
      const key = `${type} ${model}`;
      const slice = slices.get(key) ?? { model: chosen, taskType, from: now, scores: noScores };
      slices.set(key, { ...slice, scores: withScore(slice.scores, score) });
      totals.score += score;
      totals.expected += means.score[type]?.[model] ?? 0;
      if (!Number.isNaN(costUsd)) {
        totals.cost += costUsd;
        totals.costs += 1;
      }
      const ofType = choices.get(taskType) ?? new Map<string, number>();
      choices.set(taskType, ofType.set(chosen, (ofType.get(chosen) ?? 0) + 1));
    }
    past.add(
      now,
      profiles.snapshots().map((snapshot) => ({ ...snapshot, recordedAt: now })),
      [...slices.values()],
    );
    yield {
      run,
      tasks: tasksPerRun,
      averageScore: totals.score / tasksPerRun,
      expectedScore: totals.expected / tasksPerRun,
      explored: totals.explored / tasksPerRun,
      averageCostUsd: totals.costs > 0 ? totals.cost / totals.costs : null,
      // From entries, since a file may name a model as JavaScript names what every object has.
      choices: Object.fromEntries(
        [...choices].map(([taskType, ofType]) => [taskType, Object.fromEntries(ofType)]),
      ),
    };
  }
}

/**
 * The models of a file as routing knows them beforehand. A file has no price list; the mean of a
 * model's known costs stands in for it, as prices are known before a call is made.
 */
export function modelsOf(
  outcomes: Outcomes,
  means: OutcomeMeans,
  strengths?: ReadonlyMap<string, number>,
): RoutableModel[] {
  return outcomes.models.map((id, model) => {
    const cost = means.modelCostUsd[model] ?? Number.NaN;
    return {
      id,
      provider: 'replay',
      ...defined({ strength: strengths?.get(id) }),
      defaultCostUsd: Number.isNaN(cost) ? Number.POSITIVE_INFINITY : cost,
    };
  });
}

type Past = {
  history(now: number): CellHistory[];
  add(now: number, snapshots: SnapshotRecord[], scoreSlices: ScoreSliceRecord[]): void;
};

/** Snapshots and scores of the runs so far, in memory, as the database would hold them. */
function createPast(): Past {
  let days: { at: number; snapshots: SnapshotRecord[]; scoreSlices: ScoreSliceRecord[] }[] = [];
  return {
    history: (now) =>
      historyOf({
        now,
        snapshots: days.flatMap(({ snapshots }) => snapshots),
        scoreSlices: days.flatMap(({ scoreSlices }) => scoreSlices),
      }),
    add(at, snapshots, scoreSlices) {
      days = [...days.filter((day) => day.at >= horizonStart(at)), { at, snapshots, scoreSlices }];
    },
  };
}
