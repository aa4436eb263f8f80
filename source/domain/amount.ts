import { grouped } from './grouped.ts';

/** Dollars without their sign: cents, and below one cent two significant digits. */
export function amountText(dollars: number): string {
  const size = Math.abs(dollars);
  if (size >= 10_000) return grouped(dollars, 0);
  if (size === 0 || size >= 0.01) return grouped(dollars, 2);
  if (size < 0.000_001) return '<0.000001';
  return dollars.toFixed(Math.min(7, 1 - Math.floor(Math.log10(size))));
}

/** A monthly saving, which is an estimate: whole dollars, cents below ten. */
export function savingText(dollars: number): string {
  return dollars >= 10 ? grouped(dollars, 0) : amountText(dollars);
}
