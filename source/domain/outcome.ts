/** One thing that somebody said of a result, as it is recorded. */
export type OutcomeRow = {
  source: string;
  /** In [0, 1]; null takes back what this source said before. */
  value: number | null;
  /** The probability with which the program asked; null: it was volunteered. */
  sampled: number | null;
};

/** What counts of all that was said of a result. */
export type DecisiveOutcome = { source: string; value: number; sampled: number | null };

/** Sources in the order of precedence; others come last. */
const ranks: readonly string[] = ['person', 'test', 'merge'];

function rankOf(source: string): number {
  const rank = ranks.indexOf(source);
  return rank === -1 ? ranks.length : rank;
}

/**
 * What a task with these outcomes, in the order in which they were recorded, counts with: of each source
 * the last one, of the sources the most trusted; of equals the one that spoke last. Undefined where all
 * was taken back.
 */
export function decisiveOutcome(rows: Iterable<OutcomeRow>): DecisiveOutcome | undefined {
  const bySource = new Map<string, OutcomeRow>();
  for (const row of rows) {
    // Anew at the end: the order is that of the last words.
    bySource.delete(row.source);
    bySource.set(row.source, row);
  }
  let best: DecisiveOutcome | undefined;
  for (const { source, value, sampled } of bySource.values()) {
    if (value === null) continue;
    if (best === undefined || rankOf(source) <= rankOf(best.source)) {
      best = { source, value, sampled };
    }
  }
  return best;
}

/** What each task counts with of what was found of the results of a run, in the order in which it was recorded. */
export function decisiveByTask(
  outcomes: readonly RecordedOutcome[],
): ReadonlyMap<string, DecisiveOutcome> {
  const decisive = new Map<string, DecisiveOutcome>();
  for (const [taskId, rows] of Map.groupBy(outcomes, (row) => row.taskId)) {
    const found = decisiveOutcome(
      rows.map(({ source, value }) => ({ source, value, sampled: null })),
    );
    if (found !== undefined) decisive.set(taskId, found);
  }
  return decisive;
}

/** How far a judge agrees with what was found of results that the program had picked. */
export type JudgeAgreement = {
  judge: string;
  /** Judgements of such results. */
  results: number;
  /** How much more it gave than was found, in the mean; below 0 it is severe. */
  bias: number;
  /** Of what it gave with what was found; null where neither varies, or there are fewer than three. */
  correlation: number | null;
};

/** What was said of a result, as it was recorded. */
export type RecordedOutcome = {
  taskId: string;
  source: string;
  /** Null: what this source had said is withdrawn. */
  value: number | null;
  note: string | null;
  at: number;
};
