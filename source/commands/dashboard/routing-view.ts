import type { Recommendation } from '../../domain/insight.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import type { Clock } from '../../domain/runtime.ts';
import { isBuiltInTaskType, type TaskType } from '../../domain/task-type.ts';
import type { Configuration } from '../configuration/index.ts';
import { createExplainer, type Explainer } from '../shared/explainer.ts';
import { loadHistory } from '../shared/history-of.ts';
import { routableModels } from '../shared/routable-models.ts';
import { configurationLines, type KnownModel } from './configuration-lines.ts';

/** An explanation may be this old, in seconds, before the history is read anew behind it. */
const staleAfterSeconds = 2;

export type RoutingView = {
  /** Undefined until the history was read for the first time. */
  explain: (taskType: TaskType, qualityTolerance?: number) => RoutingDecision | undefined;
  configurationFor: (recommendation: Recommendation) => string;
};

/**
 * The router for an open dashboard. Asking is immediate: it answers from the history as last read and
 * reads anew in the background, so that a key is never kept waiting.
 */
export function createRoutingView(options: {
  database: string;
  configuration: Configuration;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  simulated: boolean;
}): RoutingView {
  const { database, configuration, environment, clock, simulated } = options;
  const { routing, policy } = configuration;
  // The lab's models exist only while it runs; what its history knows of them stands in.
  const settings = simulated
    ? { catalogue: false, providers: {}, models: [] }
    : configuration.providers;
  let explainer: Explainer | undefined;
  let models: readonly KnownModel[] = [];
  let ownTaskTypes: readonly TaskType[] = [];
  let readAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<void> {
    const history = await loadHistory(database);
    const routable = await routableModels({ settings, environment, clock, history });
    models = routable;
    ownTaskTypes = [...new Set(history.map(({ taskType }) => taskType))].filter(
      (taskType) => !isBuiltInTaskType(taskType),
    );
    explainer = createExplainer({ models: routable, history, routing, policy });
  }

  function refreshIfStale(): void {
    const now = clock();
    if (now - readAt < staleAfterSeconds) return;
    readAt = now;
    // A database that cannot be read now is told of by the reader; the last explanation stays.
    refresh().catch(() => undefined);
  }

  refreshIfStale();
  return {
    explain(taskType, qualityTolerance) {
      refreshIfStale();
      return explainer?.(taskType, qualityTolerance);
    },
    configurationFor: (recommendation) => configurationLines(recommendation, models, ownTaskTypes),
  };
}
