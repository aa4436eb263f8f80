import { defined } from '../../domain/defined.ts';
import type { CellHistory } from '../../domain/profile.ts';
import type { Clock } from '../../domain/runtime.ts';
import { isBuiltInTaskType, type TaskType } from '../../domain/task-type.ts';
import { loadConfiguration } from '../configuration/load.ts';
// Not by the index: no provider is called here.
import { simulatedTaskTypes } from '../../providers/simulator/fixtures.ts';
import { createExplainer, type Explainer } from '../shared/explainer.ts';
import { modelsOf, routableModels } from '../shared/routable-models.ts';
import { simulatedRouting } from '../shared/simulated-routing.ts';
import type { KnownModel } from './configuration-lines.ts';

export type Routing = {
  explain: Explainer;
  models: readonly KnownModel[];
  ownTaskTypes: readonly TaskType[];
};

export type RoutingOptions = {
  readHistory: () => Promise<CellHistory[]>;
  configPath: string | undefined;
  workingDirectory: string;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  simulated: boolean;
};

/** The router on the history as it is now. Rejects as the configuration and the database do. */
export async function loadRouting(options: RoutingOptions): Promise<Routing> {
  const { readHistory, configPath, workingDirectory, environment, clock, simulated } = options;
  const { providers, policy, ...configured } = await loadConfiguration({
    workingDirectory,
    environment,
    path: configPath,
  });
  const history = await readHistory();
  const routing = simulated ? simulatedRouting : configured.routing;
  // The simulator's models exist only while it runs: its history names them.
  const models = simulated
    ? modelsOf(history, 'simulator').map((model) => ({
        ...model,
        ...defined({ taskTypes: simulatedTaskTypes(model.id) }),
      }))
    : await routableModels({ settings: providers, environment, clock, history });
  return {
    // A screen has one rank and one reason: what a draw would try is not where the work goes.
    explain: createExplainer({ models, history, routing, policy, explores: false }),
    models,
    ownTaskTypes: [...new Set(history.map(({ taskType }) => taskType))].filter(
      (taskType) => !isBuiltInTaskType(taskType),
    ),
  };
}
