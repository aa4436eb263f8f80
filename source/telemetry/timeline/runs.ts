/** What one run did in a span. */
export type RunSums = {
  tasks: number;
  /** Those of them that were judged. */
  scored: number;
  score: number;
  costUsd: number;
  lastAt: number;
};

/** The same as it is stored; of one run there may be several, to be added up. */
export type RunShare = [
  projectId: string,
  tasks: number,
  score: number,
  costUsd: number,
  lastAt: number,
  scored: number,
];

/**
 * What runs did in a span, in pieces. Telling thousands of runs apart takes a map of them, so that is left
 * to whoever asks, see {@link runsOf}; a span is mostly just added to another.
 */
export type Runs = {
  /** As they were stored; never changed. */
  shares: (readonly RunShare[])[];
  /** Of single events. */
  added: Map<string, RunSums>;
};

export function noRuns(): Runs {
  return { shares: [], added: new Map() };
}

export function runIn(runs: Map<string, RunSums>, projectId: string): RunSums {
  let sums = runs.get(projectId);
  if (sums === undefined) {
    sums = { tasks: 0, scored: 0, score: 0, costUsd: 0, lastAt: -Infinity };
    runs.set(projectId, sums);
  }
  return sums;
}

export function addRuns(target: Runs, source: Runs): void {
  for (const shares of source.shares) target.shares.push(shares);
  mergeInto(target.added, source.added);
}

/** Every run with all that it did. */
export function runsOf({ shares, added }: Runs): Map<string, RunSums> {
  const runs = new Map<string, RunSums>();
  for (const some of shares) {
    for (const share of some) {
      // By place, see addCells.
      const run = runs.get(share[0]);
      if (run === undefined) runs.set(share[0], sumsOf(share));
      else addTo(run, sumsOf(share));
    }
  }
  mergeInto(runs, added);
  return runs;
}

function sumsOf(share: RunShare): RunSums {
  return {
    tasks: share[1],
    score: share[2],
    costUsd: share[3],
    lastAt: share[4],
    scored: share[5],
  };
}

function mergeInto(target: Map<string, RunSums>, source: Map<string, RunSums>): void {
  source.forEach((sums, projectId) => {
    addTo(runIn(target, projectId), sums);
  });
}

function addTo(run: RunSums, { tasks, scored, score, costUsd, lastAt }: RunSums): void {
  run.tasks += tasks;
  run.scored += scored;
  run.score += score;
  run.costUsd += costUsd;
  if (lastAt > run.lastAt) run.lastAt = lastAt;
}
