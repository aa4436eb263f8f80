import { setTimeout as wait } from 'node:timers/promises';
import type { Recommendation } from '../../domain/insight.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { configurationLines } from './configuration-lines.ts';
import { createHistoryReader } from '../../telemetry/index.ts';
import type { Routing, RoutingOptions } from './load-routing.ts';

/** An explanation may be this old, in seconds, before the history is read anew behind it. */
const staleAfterSeconds = 2;
/** The first screen comes first; then what a key may ask for is loaded, unless one asks before. */
const loadAfterMs = 400;
/** A long history that is being summed up is not read a second time beside that, for so many of these. */
const mostWaits = 25;

export type RoutingView = {
  /** Undefined until the history was read for the first time. */
  explain: (taskType: TaskType, qualityTolerance?: number) => RoutingDecision | undefined;
  /** Told whenever the history was read anew: what was explained before may be otherwise now. */
  onExplained: (listener: () => void) => void;
  /** Resolves when the history was read for the first time, or could not be. */
  whenExplained: Promise<void>;
  configurationFor: (recommendation: Recommendation) => string;
  /** Why there is no explanation, where there is none. */
  problem: () => unknown;
};

/**
 * The router for an open dashboard. Asking is immediate: it answers from the history as last read and
 * reads anew in the background, so that a key is never kept waiting.
 */
export function createRoutingView({
  database,
  isQuick,
  ...options
}: Omit<RoutingOptions, 'readHistory'> & {
  database: string;
  /** Whether the history can be read in no time. */
  isQuick: () => boolean;
}): RoutingView {
  const { clock } = options;
  const readHistory = createHistoryReader(database, clock);
  const askedFor = new AbortController();
  let routing: Routing | undefined;
  let problem: unknown;
  let readAt = Number.POSITIVE_INFINITY;
  let notify: (() => void) | undefined;

  async function refresh(): Promise<void> {
    readAt = clock();
    try {
      // Loaded only now: it is twice the code of the first screen.
      const { loadRouting } = await import('./load-routing.ts');
      routing = await loadRouting({ ...options, readHistory });
      problem = undefined;
    } catch (error) {
      // The last explanation stays.
      problem = error;
    }
    // The listener asks again: that must not start another reading.
    readAt = clock();
    notify?.();
  }

  async function firstRead(): Promise<void> {
    const { signal } = askedFor;
    for (let waits = 0; !signal.aborted && waits < mostWaits; waits += 1) {
      await wait(loadAfterMs, undefined, { ref: false, signal }).catch(() => undefined);
      if (isQuick()) break;
    }
    await refresh();
  }

  const whenExplained = firstRead();
  return {
    explain(taskType, qualityTolerance) {
      askedFor.abort();
      if (clock() - readAt >= staleAfterSeconds) void refresh();
      return routing?.explain(taskType, qualityTolerance);
    },
    onExplained(listener) {
      notify = listener;
    },
    whenExplained,
    configurationFor: (recommendation) =>
      configurationLines(recommendation, routing?.models ?? [], routing?.ownTaskTypes ?? []),
    problem: () => problem,
  };
}
