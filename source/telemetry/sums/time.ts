import { daySeconds, horizonDays } from '../../domain/durations.ts';

export { daySeconds, horizonDays };
const quarterSeconds = 900;
export const hourSeconds = 3600;

/** Days after which a record counts half. */
export const halfLifeDays = 30;

/** The start of the UTC day that holds a time. */
export function dayOf(at: number): number {
  return Math.floor(at / daySeconds) * daySeconds;
}

export function hourOf(at: number): number {
  return Math.floor(at / hourSeconds) * hourSeconds;
}

/** Where every local day of every time zone begins: on a quarter of an hour. */
export function quarterOf(at: number): number {
  return Math.floor(at / quarterSeconds) * quarterSeconds;
}

/** Unix seconds before which nothing counts for a warm start. */
export function horizonStart(now: number): number {
  return now - horizonDays * daySeconds;
}

/** How much a record counts by its age: 1 now, half after {@link halfLifeDays}; one from the future counts as new. */
export function ageWeight(recordedAt: number, now: number): number {
  return 0.5 ** (Math.max(0, now - recordedAt) / daySeconds / halfLifeDays);
}

/** What the ages of a day's sums, weighted within the day, come to now. */
export function factorNow(day: number, now: number): number {
  return 2 ** ((day - now) / (halfLifeDays * daySeconds));
}

/** The smallest double above one that is not negative: turns "up to and with" into "before". */
export function justAfter(value: number): number {
  const bits = new Float64Array([value]);
  const integer = new BigInt64Array(bits.buffer);
  integer[0] = (integer[0] ?? 0n) + 1n;
  return bits[0] ?? value;
}
