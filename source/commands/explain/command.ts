import { exitCodes, UsageError } from '../../domain/errors.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { loadConfiguration } from '../configuration/index.ts';
import { cachePaths, isSimulatedDatabase } from '../shared/cache-paths.ts';
import { createExplainer } from '../shared/explainer.ts';
import { loadHistory, requireDatabase } from '../shared/history-of.ts';
import { routableModels } from '../shared/routable-models.ts';
import { explainTable } from './explain-table.ts';
import { resolveTaskType } from './resolve-task-type.ts';

/** `orchestrator explain TASK_TYPE`: the decision that a run would make now, with its reasons. */
export const command: Command = async ({ argument, flags, context }) => {
  const { clock, environment, stdout, workingDirectory } = context;
  const database = textFlag(flags, 'db');
  const paths = cachePaths(environment, database);
  if (database !== undefined) requireDatabase(paths.database);
  const configPath = textFlag(flags, 'config');
  const configuration = await loadConfiguration({
    workingDirectory,
    ...(configPath === undefined ? {} : { path: configPath }),
  });
  const history = await loadHistory(paths.database);
  const taskType = resolveTaskType(
    argument ?? '',
    history.map((cell) => cell.taskType),
  );
  const simulated = isSimulatedDatabase(environment, paths.database);
  const models = await routableModels({
    settings: simulated ? { catalogue: false, providers: {}, models: [] } : configuration.providers,
    environment,
    clock,
    history,
  });
  if (models.length === 0) {
    throw new UsageError(
      'There is no model to choose among: set a key such as OPENAI_API_KEY, configure a local server in orchestrator.yaml, or try orchestrator demo.',
    );
  }
  const { routing, policy } = configuration;
  const decision = createExplainer({ models, history, routing, policy })(taskType);
  stdout.write(
    switchFlag(flags, 'json') ? `${JSON.stringify(decision)}\n` : explainTable(decision),
  );
  return exitCodes.done;
};
