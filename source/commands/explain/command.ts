import { exitCodes, UsageError } from '../../domain/errors.ts';
import { switchFlag, textFlag } from '../command-line/flag-values.ts';
import type { Command } from '../command-line/specification.ts';
import { configurationFor } from '../shared/configuration-for.ts';
import { cachePaths, isSimulatedDatabase } from '../shared/cache-paths.ts';
import { createExplainer } from '../shared/explainer.ts';
import { loadHistory, requireDatabase } from '../shared/history-of.ts';
import { routableModels } from '../shared/routable-models.ts';
import { explainTable } from './explain-table.ts';
import { resolveTaskType } from './resolve-task-type.ts';
import { printJson, printText } from '../../dashboard/output/print.ts';

/** `orchestrator explain TASK_TYPE`: the decision that a run would make now, with its reasons. */
export const command: Command = async ({ argument, flags, context }) => {
  const { clock, environment, stdout, stderr } = context;
  const database = textFlag(flags, 'db');
  const paths = cachePaths(environment, database);
  if (database !== undefined) requireDatabase(paths.database);
  const configuration = await configurationFor(flags, context);
  const history = await loadHistory(paths.database, (message) => printText(stderr, `${message}\n`));
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
  const { routing, policy, untrusted } = configuration;
  if (untrusted !== undefined) printText(stderr, `${untrusted.notice}\n`);
  const decision = createExplainer({ models, history, routing, policy })(taskType);
  if (switchFlag(flags, 'json')) printJson(stdout, decision);
  else printText(stdout, explainTable(decision, stdout.isTTY ? stdout.columns : undefined));
  return exitCodes.done;
};
