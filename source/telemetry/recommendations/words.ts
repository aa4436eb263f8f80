import { amountText, savingText } from '../../domain/amount.ts';
import { grouped } from '../../domain/grouped.ts';

/** Two qualities side by side: two places each, or three where two would show the same number twice. */
export function qualities(one: number, other: number): [one: string, other: string] {
  const decimals =
    one.toFixed(2) === other.toFixed(2) && one.toFixed(3) !== other.toFixed(3) ? 3 : 2;
  return [one.toFixed(decimals), other.toFixed(decimals)];
}

/** A difference in points of a hundred. */
export function points(difference: number): string {
  const value = Math.abs(difference) * 100;
  const text = value < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);
  return text === '1' ? '1 point' : `${text} points`;
}

export function percent(rate: number): string {
  return `${(100 * rate).toFixed(rate > 0 && rate < 0.01 ? 1 : 0)}%`;
}

/** Dollars with as many places as tell something. */
export function dollars(amount: number): string {
  return amount >= 100 ? `$${grouped(amount, 0)}` : `$${amountText(amount)}`;
}

/** What a saving comes to in a month. */
export function monthly(amount: number): string {
  return `about $${savingText(amount)}/mo`;
}

export function count(n: number, noun: string): string {
  return `${grouped(n, 0)} ${n === 1 ? noun : `${noun}s`}`;
}

/** A day of Unix seconds, in UTC: days are added up so. */
export function date(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 10);
}
