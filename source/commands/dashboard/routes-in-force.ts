import { withFields } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import type { Insight } from '../../domain/insight.ts';
import { adviceBy, routeChoice, routesBy } from '../../domain/routes.ts';
import { routeSentences } from '../../dashboard/format/route-words.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { providerKeys } from '../../providers/keys.ts';
import { findConfigurationFile } from '../configuration/find-file.ts';
import { loadHistory } from '../shared/history-of.ts';
import type { Routing, RoutingOptions } from './load-routing.ts';

/**
 * The insight with where a run that starts now would send each task type without exploring, by the
 * configuration in force, and with advice that knows of it. One that was merely found and cannot be read, or knows none of the models, leaves it at who did most.
 *
 * @throws OrchestratorError where a configuration that was named cannot be read.
 */
export async function withRoutesInForce(
  insight: Insight,
  { database, ...options }: Omit<RoutingOptions, 'readHistory'> & { database: string },
): Promise<Insight> {
  if (insight.routes.length === 0 || options.simulated) return insight;
  const routing = await routingInForce({ database, ...options });
  if (routing === undefined) return insight;
  const chosen = new Map(
    insight.routes.map(({ taskType }) => [
      taskType,
      routeChoice(routing.explain(taskType), insight.cells),
    ]),
  );
  const chosenFor = (taskType: string) => chosen.get(taskType);
  return withFields(insight, {
    routes: routesBy(insight, chosenFor),
    recommendations: adviceBy(insight.recommendations, chosenFor),
  });
}

/** Why the work of each task type goes where a run that starts now would send it; empty where nothing is set up. */
export async function reasonsInForce(
  { routes }: Insight,
  options: Omit<RoutingOptions, 'readHistory'> & { database: string },
): Promise<Record<TaskType, string>> {
  if (routes.length === 0) return {};
  const routing = await routingInForce(options);
  return Object.fromEntries(
    routes.flatMap(({ taskType }) => {
      const decision = routing?.explain(taskType);
      const [reason] = decision === undefined ? [] : routeSentences(decision, true);
      return reason === undefined ? [] : [[taskType, reason]];
    }),
  );
}

/** Routing by the configuration in force; undefined where it knows no model, or was merely found and cannot be read. */
async function routingInForce({
  database,
  ...options
}: Omit<RoutingOptions, 'readHistory'> & { database: string }): Promise<Routing | undefined> {
  try {
    if (!isAnyModelCallable(options)) return undefined;
    // Loaded only now: without models to choose among there is nothing to choose.
    const { loadRouting } = await import('./load-routing.ts');
    // In this thread: another takes longer to start than this to read what is summed up.
    return await loadRouting({ ...options, readHistory: () => loadHistory(database) });
  } catch (error) {
    if (options.configPath !== undefined || !(error instanceof OrchestratorError)) throw error;
    return undefined;
  }
}

/** Whether a configuration or a key may make a model callable; else only the history knows any. */
function isAnyModelCallable({
  simulated,
  configPath,
  workingDirectory,
  environment,
}: Omit<RoutingOptions, 'readHistory'>): boolean {
  return (
    simulated ||
    configPath !== undefined ||
    findConfigurationFile({ workingDirectory, environment }) !== undefined ||
    providerKeys(environment).some(({ present }) => present !== false)
  );
}
