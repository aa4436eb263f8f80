import type { TaskType } from '../../domain/task-type.ts';

/** One model's outcome for one item. */
export type Outcome = {
  item: string;
  taskType: TaskType;
  model: string;
  /** In [0, 1]; 0 is an answer like any other. */
  score: number;
  /** Absent where unknown, which is not the same as free. */
  costUsd?: number;
  latencyMs?: number;
};

/** Every model's outcome for every item, as columns of numbers: a million of them take some 30 MB. */
export type Outcomes = {
  readonly models: readonly string[];
  readonly taskTypes: readonly TaskType[];
  readonly itemCount: number;
  /** Index into {@link taskTypes} of every item. */
  typeOf(item: number): number;
  /** NaN where the model has no outcome for the item. */
  score(item: number, model: number): number;
  /** NaN where unknown. */
  costUsd(item: number, model: number): number;
  /** NaN where unknown. */
  latencyMs(item: number, model: number): number;
};

export type OutcomesBuilder = {
  /** False when the item already has an outcome of that model. */
  add(outcome: Outcome): boolean;
  finish(): Outcomes;
};

type OutcomeColumns = { score: NumberColumn; costUsd: NumberColumn; latencyMs: NumberColumn };

export function createOutcomesBuilder(): OutcomesBuilder {
  const taskTypes = new Map<TaskType, number>();
  const items = new Map<string, number>();
  const models = new Map<string, OutcomeColumns>();
  const types = createColumn();

  function itemOf(name: string, taskType: TaskType): number {
    let type = taskTypes.get(taskType);
    if (type === undefined) taskTypes.set(taskType, (type = taskTypes.size));
    // Two task types may use the same name for different items.
    const key = `${type} ${name}`;
    let item = items.get(key);
    if (item === undefined) items.set(key, (item = items.size));
    types.set(item, type);
    return item;
  }

  return {
    add({ item: name, taskType, model, score, costUsd, latencyMs }) {
      const item = itemOf(name, taskType);
      let columns = models.get(model);
      if (columns === undefined) {
        columns = { score: createColumn(), costUsd: createColumn(), latencyMs: createColumn() };
        models.set(model, columns);
      }
      if (!Number.isNaN(columns.score.get(item))) return false;
      columns.score.set(item, score);
      if (costUsd !== undefined) columns.costUsd.set(item, costUsd);
      if (latencyMs !== undefined) columns.latencyMs.set(item, latencyMs);
      return true;
    },
    finish() {
      const columns = [...models.values()];
      const at = (field: keyof OutcomeColumns, item: number, model: number): number =>
        columns[model]?.[field].get(item) ?? Number.NaN;
      return {
        models: [...models.keys()],
        taskTypes: [...taskTypes.keys()],
        itemCount: items.size,
        typeOf: (item) => types.get(item),
        score: (item, model) => at('score', item, model),
        costUsd: (item, model) => at('costUsd', item, model),
        latencyMs: (item, model) => at('latencyMs', item, model),
      };
    },
  };
}

type NumberColumn = { get(index: number): number; set(index: number, value: number): void };

/** Values per chunk: growing must not copy, which would hold everything twice for a while. */
const chunkSize = 4096;

/** Numbers that grow on demand; NaN where nothing was set, and no memory where nothing ever is. */
function createColumn(): NumberColumn {
  const chunks: (Float64Array | undefined)[] = [];
  return {
    get: (index) => chunks[Math.floor(index / chunkSize)]?.[index % chunkSize] ?? Number.NaN,
    set(index, value) {
      const at = Math.floor(index / chunkSize);
      const chunk = (chunks[at] ??= new Float64Array(chunkSize).fill(Number.NaN));
      chunk[index % chunkSize] = value;
    },
  };
}

/** Means over a file: what its models are worth per task type, which a router must find out. */
export type OutcomeMeans = {
  /** Share of the items that are of this type, by type. */
  typeShare: number[];
  /** Mean score by type, then model; NaN where a model has no outcome. */
  score: number[][];
  /** Mean of the known costs by type, then model; NaN where none is known. */
  costUsd: number[][];
  /** Mean of a model's known costs over all types; NaN where none is known. */
  modelCostUsd: number[];
};

export function meansOf(outcomes: Outcomes): OutcomeMeans {
  const { models, taskTypes, itemCount } = outcomes;
  const grid = (): { sum: number; n: number }[][] =>
    taskTypes.map(() => models.map(() => ({ sum: 0, n: 0 })));
  const scores = grid();
  const costs = grid();
  const typeItems = taskTypes.map(() => 0);
  for (let item = 0; item < itemCount; item += 1) {
    const type = outcomes.typeOf(item);
    typeItems[type] = (typeItems[type] ?? 0) + 1;
    for (let model = 0; model < models.length; model += 1) {
      addTo(scores[type]?.[model], outcomes.score(item, model));
      addTo(costs[type]?.[model], outcomes.costUsd(item, model));
    }
  }
  return {
    typeShare: typeItems.map((items) => items / itemCount),
    score: scores.map((row) => row.map(mean)),
    costUsd: costs.map((row) => row.map(mean)),
    modelCostUsd: models.map((_, model) =>
      mean(
        costs
          .flatMap((row) => row[model] ?? [])
          .reduce((all, one) => ({ sum: all.sum + one.sum, n: all.n + one.n }), {
            sum: 0,
            n: 0,
          }),
      ),
    ),
  };
}

function addTo(total: { sum: number; n: number } | undefined, value: number): void {
  if (total === undefined || Number.isNaN(value)) return;
  total.sum += value;
  total.n += 1;
}

function mean({ sum, n }: { sum: number; n: number }): number {
  return n > 0 ? sum / n : Number.NaN;
}
