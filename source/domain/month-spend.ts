/** What a calendar month cost so far, and what it comes to if days go on as the last ones did. */
export type MonthSpend = {
  /** Unix seconds of its start and its end, in local time. */
  from: number;
  to: number;
  /** Dollars, up to now. */
  spentUsd: number;
  /** Null where fewer than a week of whole days is known. */
  forecast: MonthForecast | null;
};

export type MonthForecast = {
  /** Dollars of the whole month: what is spent, and the mean of a day for each that remains. */
  usd: number;
  /** 95% interval of that sum: never below what is spent. */
  lowUsd: number;
  highUsd: number;
  /** Whole days that the mean is of, those without spend too, and its dollars. */
  days: number;
  dayUsd: number;
};

/** What the configuration says of money; the simulator knows no such thing. */
export type MoneyLimits = {
  /** Dollars for a calendar month: shown, not enforced. */
  monthBudgetUsd?: number;
  /** The largest share of a run's money that is to go to critiques and judgements, in [0, 1]. */
  supervisionShare?: number;
  /** The share of results about which a person is asked whether they are good; absent: nobody is asked. */
  askShare?: number;
};
