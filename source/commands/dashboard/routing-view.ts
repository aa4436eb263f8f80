import { setTimeout as wait } from 'node:timers/promises';
import type { Recommendation } from '../../domain/insight.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { configurationLines } from './configuration-lines.ts';
import type { Routing, RoutingOptions } from './load-routing.ts';

/** An explanation may be this old, in seconds, before the history is read anew behind it. */
const staleAfterSeconds = 2;
/** The first screen comes first; then what a key may ask for is loaded. */
const loadAfterMs = 400;

export type RoutingView = {
  /** Undefined until the history was read for the first time. */
  explain: (taskType: TaskType, qualityTolerance?: number) => RoutingDecision | undefined;
  configurationFor: (recommendation: Recommendation) => string;
  /** Why there is no explanation, where there is none. */
  problem: () => unknown;
};

/**
 * The router for an open dashboard. Asking is immediate: it answers from the history as last read and
 * reads anew in the background, so that a key is never kept waiting.
 */
export function createRoutingView(options: RoutingOptions): RoutingView {
  const { clock } = options;
  let routing: Routing | undefined;
  let problem: unknown;
  let readAt = clock();

  async function refresh(delayMs: number): Promise<void> {
    await wait(delayMs, undefined, { ref: false });
    // Loaded only now: it is twice the code of the first screen.
    const { loadRouting } = await import('./load-routing.ts');
    try {
      routing = await loadRouting(options);
      problem = undefined;
    } catch (error) {
      // The last explanation stays.
      problem = error;
    }
  }

  function refreshIfStale(): void {
    const now = clock();
    if (now - readAt < staleAfterSeconds) return;
    readAt = now;
    void refresh(0);
  }

  void refresh(loadAfterMs);
  return {
    explain(taskType, qualityTolerance) {
      refreshIfStale();
      return routing?.explain(taskType, qualityTolerance);
    },
    configurationFor: (recommendation) =>
      configurationLines(recommendation, routing?.models ?? [], routing?.ownTaskTypes ?? []),
    problem: () => problem,
  };
}
