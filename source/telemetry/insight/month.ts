import { daySeconds } from '../../domain/durations.ts';
import type { SpendSlice } from '../../domain/insight.ts';
import { nextLocalDay, startOfLocalDay, startOfLocalMonth } from '../../domain/local-day.ts';
import type { MonthForecast, MonthSpend } from '../../domain/month-spend.ts';
import { studentQuantile } from '../statistics/index.ts';
import { hasAny, type View } from './view.ts';

/** Four weeks, so that every weekday counts alike. */
const forecastDays = 28;
const leastDays = 7;
/** Days on which work hangs together with that of a day: a week. */
const longestLag = 7;

/** First days from which a month's forecast may need anything. */
export function monthStart(now: number): number {
  return Math.min(startOfLocalMonth(now), now - (forecastDays + 1) * daySeconds);
}

/** The month that holds `now`, from what local days cost: those on which nothing happened may be left out. */
export function monthOf(slices: readonly SpendSlice[], now: number): MonthSpend {
  const from = startOfLocalMonth(now);
  // Into the next month, whatever its length is.
  const to = startOfLocalMonth(from + 40 * daySeconds);
  const spentUsd = slices.reduce((sum, { day, costUsd }) => sum + (day >= from ? costUsd : 0), 0);
  return { from, to, spentUsd, forecast: forecastOf(slices, { now, to, spentUsd }) };
}

function forecastOf(
  slices: readonly SpendSlice[],
  { now, to, spentUsd }: { now: number; to: number; spentUsd: number },
): MonthForecast | null {
  const costs = wholeDays(slices, now);
  const n = costs.length;
  if (n < leastDays) return null;
  const dayUsd = costs.reduce((sum, cost) => sum + cost, 0) / n;
  const remaining = (to - now) / daySeconds;
  const toCome = dayUsd * remaining;
  // Of the days to come, and of the mean that is expected of each.
  const variance = varianceOfDays(costs, dayUsd) * (remaining + remaining ** 2 / n);
  const errors = studentQuantile(n - 1);
  // Money is skewed: it may become several times as much, and never less than nothing.
  const spread = toCome > 0 ? Math.sqrt(Math.log1p(variance / toCome ** 2)) : 0;
  return {
    usd: spentUsd + toCome,
    lowUsd: spentUsd + Math.max(0, toCome - errors * Math.sqrt(variance)),
    highUsd: spentUsd + toCome * Math.exp(errors * spread),
    days: n,
    dayUsd,
  };
}

/** What the last whole days cost, oldest first, from the first day of the history on. */
function wholeDays(slices: readonly SpendSlice[], now: number): number[] {
  const today = startOfLocalDay(now);
  const known = new Map(slices.map(({ day, costUsd }) => [day, costUsd]));
  // A few hours into the first day, whatever clocks were put forward or back since.
  const earliest = startOfLocalDay(today - (forecastDays - 0.25) * daySeconds);
  const costs: number[] = [];
  let day = Math.max(earliest, slices[0]?.day ?? today);
  for (; day < today; day = nextLocalDay(day)) costs.push(known.get(day) ?? 0);
  return costs;
}

/**
 * By how much each day adds to the variance of a sum of many: work comes in stretches, so days that follow one
 * another count together (Newey and West); never less than twice what it is if they knew nothing of one another.
 */
function varianceOfDays(costs: readonly number[], mean: number): number {
  const n = costs.length;
  const together = (lag: number): number =>
    costs.reduce(
      (sum, cost, index) => sum + (cost - mean) * ((costs[index + lag] ?? mean) - mean),
      0,
    ) /
    (n - 1);
  const alone = together(0);
  let sum = alone;
  for (let lag = 1; lag < longestLag; lag += 1) sum += 2 * (1 - lag / longestLag) * together(lag);
  return Math.max(sum, 2 * alone);
}

/**
 * Days by which an amount of the window is divided to say what a month comes to: those of the window that the
 * history covers, a week at least, so that the first runs are not taken for what every day brings.
 */
export function paceDaysOf({ window, prior, recentDays, parts }: View): number {
  const { days, from, to } = window;
  const isCovered =
    hasAny({ sums: prior }) || recentDays.some((part) => part.before <= from && hasAny(part));
  const first = parts.find(hasAny);
  if (isCovered || first === undefined) return days;
  const covered = Math.round((to - first.from) / daySeconds);
  return Math.min(days, Math.max(leastDays, covered));
}
