import type { RunKnowledge } from '../sums/period.ts';

/** What is known of runs while their rows are added up; each is asked for once. */
export type Runs = RunKnowledge & {
  /** Has been told that those have snapshots: which of them were not known to. */
  settle(projectIds: readonly string[]): string[];
  /** The same of calls that are recorded one by one. */
  bill(projectIds: readonly string[]): string[];
  /** Asks anew from here on. */
  forget(): void;
};

export function createRuns(ask: {
  isSettled(projectId: string): boolean;
  isBilled(projectId: string): boolean;
}): Runs {
  const settled = new Map<string, boolean>();
  const billed = new Map<string, boolean>();
  const knownIn =
    (known: Map<string, boolean>, askFor: (projectId: string) => boolean) =>
    (projectId: string): boolean => {
      let is = known.get(projectId);
      if (is === undefined) known.set(projectId, (is = askFor(projectId)));
      return is;
    };
  const addTo = (known: Map<string, boolean>) => (projectIds: readonly string[]) => {
    const added = projectIds.filter((projectId) => known.get(projectId) !== true);
    for (const projectId of added) known.set(projectId, true);
    return added;
  };
  const isSettled = knownIn(settled, ask.isSettled);
  return {
    isLive: (projectId) => !isSettled(projectId),
    isBilled: knownIn(billed, ask.isBilled),
    settle: addTo(settled),
    bill: addTo(billed),
    forget() {
      settled.clear();
      billed.clear();
    },
  };
}
