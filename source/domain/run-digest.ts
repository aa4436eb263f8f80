/**
 * What a journal says of itself now and then and at its end, so that a list of runs need not read it
 * whole. Times in Unix seconds, money in dollars.
 */
export type RunDigest = {
  /** What was to be done, in one line, cut short. */
  project: string;
  startedAt: number;
  /** Planned; of a run that an older version wrote, those with a result. */
  tasks: number;
  /** Mean score of the tasks that have one. */
  averageQuality: number | null;
  spentUsd: number;
  budgetUsd: number;
  /** Who wrote the results, those of the most first. */
  models: string[];
};

/** The mean of those that have a score; null where none has. */
export function averageOf(results: readonly { score?: number | null }[]): number | null {
  const scores = results.flatMap(({ score }) => score ?? []);
  return scores.length === 0 ? null : scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

/** The models of results, those of the most first. */
export function modelsOf(results: readonly { model: string }[]): string[] {
  return [...Map.groupBy(results, ({ model }) => model)]
    .toSorted(([left, some], [right, others]) =>
      others.length === some.length ? (left < right ? -1 : 1) : others.length - some.length,
    )
    .map(([model]) => model);
}

const longestProject = 200;

/** A project in one line of a list. */
export function projectLine(project: string): string {
  // Spaces of a long text are not looked at beyond what is shown.
  const line = project
    .slice(0, 4 * longestProject)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= longestProject ? line : `${line.slice(0, longestProject - 1)}…`;
}
