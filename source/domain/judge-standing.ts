/** What a window says of one judge, beside what it was paid. */
export type JudgeStanding = {
  judge: string;
  /** Scores that it gave. */
  judgements: number;
  /** Dollars that its judgements cost. */
  costUsd: number;
  /**
   * What it adds to a score as a rule, with its 95% interval: below 0 it is severe. Null where no other judged
   * the same, so that nothing can be estimated.
   */
  severity: { estimate: number; low: number; high: number } | null;
  /** What it adds besides to models of its own provider; null as above. */
  selfPreference: number | null;
  /** Its scores do not follow the quality of what it judges: they count no more. */
  tellsNothing: boolean;
};
