import { OrchestratorError } from '../../domain/errors.ts';
import type { Insight, Route } from '../../domain/insight.ts';
import { routeChoice, routesBy } from '../../domain/routes.ts';
import { readHistoryApart } from '../../telemetry/index.ts';
import { loadRouting, type Routing, type RoutingOptions } from './load-routing.ts';

/**
 * Where a run that starts now would send each task type without exploring, by the configuration in force. One
 * that was merely found and cannot be read, or knows none of the models, leaves it at who did most.
 *
 * @throws OrchestratorError where a configuration that was named cannot be read.
 */
export async function routesInForce(
  insight: Insight,
  { database, ...options }: Omit<RoutingOptions, 'readHistory'> & { database: string },
): Promise<Route[]> {
  if (insight.routes.length === 0) return [];
  const readHistory = () => readHistoryApart(database);
  let routing: Routing;
  try {
    routing = await loadRouting({ ...options, readHistory });
  } catch (error) {
    if (options.configPath !== undefined || !(error instanceof OrchestratorError)) throw error;
    return insight.routes;
  }
  return routesBy(insight, (taskType) => routeChoice(routing.explain(taskType), insight.cells));
}
