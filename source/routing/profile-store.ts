import { defined } from '../domain/defined.ts';
import { historyWeights } from '../domain/confidence.ts';
import type { CellHistory, ModelProfile, ProfileSnapshot } from '../domain/profile.ts';
import type { TaskType } from '../domain/task-type.ts';
import { type CellScores, createCellScores } from './cell-scores.ts';
import { blendProfiles, defaultProfile, type DefaultProfile } from './defaults.ts';
import type { AttemptObservation, RoutableModel } from './model.ts';
import { createRunRecord, type RunRecord } from './run-record.ts';
import { createHierarchicalModel } from './hierarchical-model.ts';
import { publicKnowledge } from './public-prior.ts';

/** The profile and posterior of one (model, task type), and what they rest on. */
export type CellState = {
  default: DefaultProfile;
  history?: CellHistory;
  /** Weight of the history in the blend: 0, 0.4 or 1. */
  historyWeight: number;
  /** Attempts seen in this run. */
  runCalls: number;
  profile: ModelProfile;
};

/** What all attempts, past and present, say of a model's quality. */
export type Posterior = {
  mean: number;
  standardDeviation: number;
  /** The part of it that comes from the level of the task type, which moves other models as well. */
  typeDeviation: number;
  /** Variance of single scores around the mean. */
  scoreVariance: number;
  /** Attempts on this task type, and on all of them, weighted by age. */
  attempts: number;
  attemptsOfModel: number;
};

/** The profiles of one run: warm from history, moved on by what the run sees. */
export type ProfileStore = {
  readonly models: readonly RoutableModel[];
  /** Cells of the past whose model is not among the models of this profiles; never dropped. */
  readonly unconfigured: readonly CellHistory[];
  /** Takes in an attempt; one by a model that the profiles does not know is kept for the snapshots. */
  observe(observation: AttemptObservation): void;
  profile(model: string, taskType: TaskType): ModelProfile;
  cell(model: string, taskType: TaskType): CellState;
  /** Of every model of the profiles, in its order, for one task type. */
  posteriors(taskType: TaskType): Posterior[];
  /** How much of a task type was done, and how much of it explored; what the ceiling is held to. */
  explorationOf(taskType: TaskType): ExplorationCounts;
  /** A task of this run was given its first model: by exploration, or not. */
  noteChoice(taskType: TaskType, explored: boolean): void;
  /** What this run observed and nothing of what it started from, in order of first sight. */
  snapshots(): ProfileSnapshot[];
};

/** Tasks of one type. */
export type ExplorationCounts = {
  /** Attempts in the history, which stand for its tasks. */
  past: number;
  /** Tasks of this run so far, and how many of them explored. */
  tasks: number;
  explored: number;
};

type Cell = {
  model: string;
  taskType: TaskType;
  default: DefaultProfile;
  history?: CellHistory;
  record: RunRecord;
  evidence: CellScores;
};

export function createProfileStore({
  models,
  history,
}: {
  models: readonly RoutableModel[];
  history: readonly CellHistory[];
}): ProfileStore {
  const modelIndex = new Map(models.map(({ id }, index) => [id, index]));
  const typeIndex = new Map<TaskType, number>();
  const histories = byModel(history);
  const cells = new Map<string, Map<TaskType, Cell>>();
  const hierarchicalModel = createHierarchicalModel(models.length, publicKnowledge(models));

  for (const { model, taskType } of history) {
    if (modelIndex.has(model)) updateHierarchicalModel(cellOf(model, taskType));
  }

  function indexOf(taskType: TaskType): number {
    const known = typeIndex.get(taskType);
    if (known !== undefined) return known;
    typeIndex.set(taskType, typeIndex.size);
    return typeIndex.size - 1;
  }

  function costOf(model: string): number {
    const index = modelIndex.get(model);
    const cost = index === undefined ? undefined : models[index]?.defaultCostUsd;
    return cost ?? Number.POSITIVE_INFINITY;
  }

  function updateHierarchicalModel({ model, taskType, evidence }: Cell): void {
    const index = modelIndex.get(model);
    if (index === undefined) return;
    const { scores, scoreVariance } = evidence;
    hierarchicalModel.set(index, indexOf(taskType), {
      n: scores.n,
      sum: scores.sum,
      ...defined({ scoreVariance }),
    });
  }

  function cellOf(model: string, taskType: TaskType): Cell {
    const byType = cells.get(model) ?? new Map<TaskType, Cell>();
    cells.set(model, byType);
    const known = byType.get(taskType);
    if (known !== undefined) return known;
    const cell = newCell(model, taskType, histories.get(model), costOf(model));
    byType.set(taskType, cell);
    return cell;
  }

  return {
    models,
    unconfigured: history.filter(({ model }) => !modelIndex.has(model)),
    observe(observation) {
      const cell = cellOf(observation.model, observation.taskType);
      cell.record.observe(observation);
      cell.evidence.observe(observation);
      updateHierarchicalModel(cell);
    },
    profile: (model, taskType) => cellOf(model, taskType).record.current(),
    cell(model, taskType) {
      const { record, history: past, default: fallback } = cellOf(model, taskType);
      return {
        default: fallback,
        ...defined({ history: past }),
        historyWeight: past === undefined ? 0 : historyWeights[past.profile.confidence],
        runCalls: record.calls,
        profile: record.current(),
      };
    },
    posteriors(taskType) {
      const all = hierarchicalModel.posteriors(indexOf(taskType));
      return models.map((_, index) => posteriorAt(all, index));
    },
    ...createExploration(history),
    snapshots: () =>
      [...cells.values()].flatMap((byType) =>
        [...byType.values()]
          .filter(({ record }) => record.calls > 0)
          .map(({ model, taskType, record }) => ({
            model,
            taskType,
            profile: record.observed(),
            ...(record.unscored ? { unscored: true } : {}),
          })),
      ),
  };
}

function byModel(history: readonly CellHistory[]): Map<string, Map<TaskType, CellHistory>> {
  const histories = new Map<string, Map<TaskType, CellHistory>>();
  for (const cell of history) {
    const byType = histories.get(cell.model) ?? new Map<TaskType, CellHistory>();
    byType.set(cell.taskType, cell);
    histories.set(cell.model, byType);
  }
  return histories;
}

/** That of one model, out of those of all. */
function posteriorAt(
  all: Readonly<Record<keyof Posterior, ArrayLike<number>>>,
  index: number,
): Posterior {
  return {
    mean: all.mean[index] ?? 0,
    standardDeviation: all.standardDeviation[index] ?? 0,
    typeDeviation: all.typeDeviation[index] ?? 0,
    scoreVariance: all.scoreVariance[index] ?? 0,
    attempts: all.attempts[index] ?? 0,
    attemptsOfModel: all.attemptsOfModel[index] ?? 0,
  };
}

/** A cell as it is before the run sees anything, from the past of its model by task type. */
function newCell(
  model: string,
  taskType: TaskType,
  past: ReadonlyMap<TaskType, CellHistory> | undefined,
  defaultCostUsd: number,
): Cell {
  const own = past?.get(taskType);
  const others = past === undefined ? [] : [...past.values()].filter((cell) => cell !== own);
  const fallback = defaultProfile(others, defaultCostUsd);
  const start =
    own === undefined
      ? fallback.profile
      : blendProfiles(own.profile, fallback.profile, own.effectiveCalls > 0);
  return {
    model,
    taskType,
    default: fallback,
    ...defined({ history: own }),
    record: createRunRecord(start),
    evidence: createCellScores(own),
  };
}

/** How much of each task type was done and explored, in the past and in this run. */
function createExploration(
  history: readonly CellHistory[],
): Pick<ProfileStore, 'explorationOf' | 'noteChoice'> {
  const counts = new Map<TaskType, ExplorationCounts>();
  const countsOf = (taskType: TaskType): ExplorationCounts => {
    const known = counts.get(taskType) ?? { past: 0, tasks: 0, explored: 0 };
    counts.set(taskType, known);
    return known;
  };
  for (const { taskType, profile } of history) countsOf(taskType).past += profile.callCount;
  return {
    explorationOf: (taskType) => ({ ...countsOf(taskType) }),
    noteChoice(taskType, explored) {
      const known = countsOf(taskType);
      known.tasks += 1;
      if (explored) known.explored += 1;
    },
  };
}
