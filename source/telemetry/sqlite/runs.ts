import type { RunKnowledge } from '../sums/period.ts';

/** What is known of runs while their rows are added up; each is asked for once. */
export type Runs = RunKnowledge & {
  /** Those have snapshots: which of them were not known to. */
  settle(projectIds: readonly string[]): string[];
  /** The same of calls that are recorded one by one. */
  bill(projectIds: readonly string[]): string[];
  /** Asks anew from here on. */
  forget(): void;
};

type Ask = (projectId: string) => boolean;

export function createRuns(ask: { isSettled: Ask; isBilled: Ask }): Runs {
  const settled = createKnown(ask.isSettled);
  const billed = createKnown(ask.isBilled);
  return {
    isLive: (projectId) => !settled.has(projectId),
    isBilled: billed.has,
    settle: settled.add,
    bill: billed.add,
    forget() {
      settled.clear();
      billed.clear();
    },
  };
}

function createKnown(ask: Ask): {
  has: Ask;
  add: (ids: readonly string[]) => string[];
  clear: () => void;
} {
  const known = new Map<string, boolean>();
  return {
    has(id) {
      let is = known.get(id);
      if (is === undefined) known.set(id, (is = ask(id)));
      return is;
    },
    add(ids) {
      const added = ids.filter((id) => known.get(id) !== true);
      for (const id of added) known.set(id, true);
      return added;
    },
    clear: () => known.clear(),
  };
}
