import type { RunState } from '../../domain/run-state.ts';

/** A run that is or was in progress, and whether it still speaks. */
export type RegisteredRun = { run: RunState; isListed: boolean };

/** Remembers the runs that were seen: one that ends leaves the list at once, and how it ended matters. */
export type RunRegistry = {
  /** Takes in the runs that are in progress now. */
  see: (runs: readonly RunState[]) => void;
  /** The runs in progress, and those that left the list since the last call. */
  take: () => RegisteredRun[];
};

export function createRunRegistry(): RunRegistry {
  const registered = new Map<string, RegisteredRun>();
  return {
    see(runs) {
      for (const entry of registered.values()) entry.isListed = false;
      // What happens on other machines is read where it is asked for, and not announced: it may be a lot.
      for (const run of runs.filter(({ elsewhere }) => elsewhere === undefined)) {
        registered.set(run.projectId, { run, isListed: true });
      }
    },
    take() {
      const taken = [...registered.values()].map((entry) => ({ ...entry }));
      for (const { run, isListed } of taken) if (!isListed) registered.delete(run.projectId);
      return taken;
    },
  };
}
