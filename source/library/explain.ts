import { defined } from '../domain/defined.ts';
import { UsageError } from '../domain/errors.ts';
import {
  defaultRoutingSettings,
  openPolicy,
  type Policy,
  type RoutingSettings,
} from '../domain/policy.ts';
import type { RoutingDecision } from '../domain/routing-decision.ts';
import type { Random } from '../domain/runtime.ts';
import type { TaskType } from '../domain/task-type.ts';
import type { RoutableModel } from '../routing/model.ts';
import type { TelemetryStore } from '../telemetry/store.ts';

/** A model that may be chosen: its id, or with more that is known of it. */
export type CandidateModel =
  | string
  | {
      id: string;
      /** Needed only where a policy or a health check asks for it. */
      provider?: string;
      /** The task types it is able to do; absent: all. */
      taskTypes?: readonly TaskType[];
      /** Dollars of a usual answer, until the history knows better. */
      costUsd?: number;
    };

export type ExplainOptions = {
  store: Pick<TelemetryStore, 'loadHistory'>;
  taskType: TaskType;
  /** Absent: every model of the history. */
  models?: readonly CandidateModel[];
  routing?: Partial<RoutingSettings>;
  policy?: Partial<Policy>;
  /** Absent: the same history gives the same answer. With `Math.random`, little known models get their turn. */
  random?: Random;
};

/** Which model should take a task of this type, and why: what `orchestrator explain` prints. */
export async function explain(options: ExplainOptions): Promise<RoutingDecision> {
  const { store, taskType, models, routing, policy, random } = options;
  if (typeof taskType !== 'string' || taskType === '') {
    throw new UsageError('explain needs a taskType: name one, such as summarization.');
  }
  if (models !== undefined && !Array.isArray(models)) {
    throw new UsageError("The models of explain are no list: give one, as in models: ['model-a'].");
  }
  const [{ createExplainer }, { modelsOf }, history] = await Promise.all([
    import('../commands/shared/explainer.ts'),
    import('../commands/shared/routable-models.ts'),
    store.loadHistory(),
  ]);
  const known = modelsOf(history);
  const explainer = createExplainer({
    models: models?.map((model) => routable(model, known)) ?? known,
    history,
    routing: { ...defaultRoutingSettings, ...routing },
    policy: { ...openPolicy, ...policy },
    ...(random === undefined ? {} : { random: () => random }),
  });
  return explainer(taskType);
}

/** A cost that nobody states is what the history has seen; unknown, it is not free. */
function routable(model: CandidateModel, known: readonly RoutableModel[]): RoutableModel {
  const given = typeof model === 'string' ? { id: model } : model;
  const { id, provider, taskTypes, costUsd } = { provider: '', ...given };
  const seen = known.find((one) => one.id === id)?.defaultCostUsd;
  return { id, provider, defaultCostUsd: costUsd ?? seen ?? Infinity, ...defined({ taskTypes }) };
}
