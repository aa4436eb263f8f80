/**
 * Money inside the engine: whole billionths of a dollar, so that sums do not drift and a budget is
 * held exactly. A double holds them exactly up to nine million dollars.
 */
export type NanoDollars = number;

const perDollar = 1e9;

export function toNano(usd: number): NanoDollars {
  return Math.round(usd * perDollar);
}

/** Rounds up: a reservation is never smaller than what it stands for. */
export function toNanoCeiling(usd: number): NanoDollars {
  // A price that is not a number fits into no budget.
  if (!Number.isFinite(usd)) return Number.POSITIVE_INFINITY;
  // 12 digits first: 0.1 + 0.2 must not become a billionth more than 0.3.
  return Math.ceil(Number((usd * perDollar).toPrecision(15)));
}

export function toUsd(nano: NanoDollars): number {
  return nano / perDollar;
}
