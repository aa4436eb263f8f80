import { defined } from '../../domain/defined.ts';
import type { CellHistory } from '../../domain/profile.ts';
import type { Clock } from '../../domain/runtime.ts';
import { listModels, type ProvidersSettings } from '../../providers/index.ts';
import type { RoutableModel } from '../../routing/index.ts';
import { routableModel } from '../../routing/index.ts';

/**
 * The models that routing could choose among here and now. Where none can be called (no key is set,
 * say, because someone only looks at a database) those that the history knows stand in, so that its
 * numbers can still be compared.
 */
export async function routableModels(options: {
  settings: ProvidersSettings;
  environment: NodeJS.ProcessEnv;
  clock: Clock;
  history: readonly CellHistory[];
}): Promise<RoutableModel[]> {
  const { history, ...where } = options;
  const callable = (await listModels(where)).flatMap(
    ({ id, provider, usable, taskTypes, price, strength }): RoutableModel[] => {
      if (!usable || price === undefined) return [];
      const offer = { id, provider: provider.name, costUsd: price.costUsd };
      return [routableModel({ ...offer, ...defined({ taskTypes, strength }) })];
    },
  );
  return callable.length > 0 ? callable : modelsOf(history);
}

/** The models that a history knows, each with what its attempts cost; of no provider, where none is said. */
export function modelsOf(history: readonly CellHistory[], provider = ''): RoutableModel[] {
  return [...Map.groupBy(history, ({ model }) => model)].map(([id, cells]) => {
    const calls = cells.reduce((sum, { profile }) => sum + profile.callCount, 0);
    const spent = cells.reduce(
      (sum, { profile }) => sum + profile.avgCostUsd * profile.callCount,
      0,
    );
    return { id, provider, defaultCostUsd: calls === 0 ? 0 : spent / calls };
  });
}
