import type { RunState } from '../../domain/run-state.ts';

/** A run that is or was in progress, and whether it still speaks. */
export type BookedRun = { run: RunState; isListed: boolean };

/** Remembers the runs that were seen: one that ends leaves the list at once, and how it ended matters. */
export type RunBook = {
  /** Takes in the runs that are in progress now. */
  see: (runs: readonly RunState[]) => void;
  /** The runs in progress, and those that left the list since the last call. */
  take: () => BookedRun[];
};

export function newRunBook(): RunBook {
  const booked = new Map<string, BookedRun>();
  return {
    see(runs) {
      for (const entry of booked.values()) entry.isListed = false;
      for (const run of runs) booked.set(run.projectId, { run, isListed: true });
    },
    take() {
      const taken = [...booked.values()].map((entry) => ({ ...entry }));
      for (const { run, isListed } of taken) if (!isListed) booked.delete(run.projectId);
      return taken;
    },
  };
}
