import { defaultRoutingSettings, type RoutingSettings } from '../domain/policy.ts';
import type { ReplayOutcome } from '../commands/replay/render.ts';

export type ReplayOptions = {
  /** A day apart; default 20. */
  runs?: number;
  /** Default 100. */
  tasksPerRun?: number;
  /** The same seed samples the same tasks; default 1. */
  seed?: number;
  /** Whether every run forgets those before it. */
  cold?: boolean;
  routing?: Partial<RoutingSettings>;
};

/**
 * Whether learning would have paid off on recorded outcomes: what `orchestrator replay FILE --json` prints.
 * Rejects with an `OrchestratorError` that names the place in the file.
 */
export async function replay(file: string, options: ReplayOptions = {}): Promise<ReplayOutcome> {
  const { runs = 20, tasksPerRun = 100, seed = 1, cold = false, routing } = options;
  const [{ readOutcomes }, { replayOutcomes }] = await Promise.all([
    import('../commands/replay/read-outcomes.ts'),
    import('../commands/replay/run-replay.ts'),
  ]);
  const settings = { ...defaultRoutingSettings, ...routing };
  const outcomes = await readOutcomes(file);
  return replayOutcomes(outcomes, { runs, tasksPerRun, seed, cold, settings });
}
