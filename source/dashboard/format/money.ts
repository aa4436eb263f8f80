import { amountText, savingText } from '../../domain/amount.ts';
import { grouped } from '../../domain/grouped.ts';

/** Dollars: `$312.40`, `$0.0041`, `$12,400`. */
export function formatMoney(dollars: number): string {
  const amount = amountText(Math.abs(dollars));
  const sign = dollars < 0 ? '−' : '';
  return amount.startsWith('<') ? `<$${amount.slice(1)}` : `${sign}$${amount}`;
}

/** No column of money is given more digits than these for its largest amount; cents are always said. */
const mostDigits = 5;

/**
 * How many decimals all amounts of a column get, so that they stand under one another at the point: cents, and
 * where some are below a cent as many as the smallest needs for two digits of its own. `fine`: three digits of
 * the largest too, where small differences are what matters.
 */
export function moneyDecimals(
  amounts: Iterable<number | null | undefined>,
  { fine = false }: { fine?: boolean } = {},
): number {
  let [smallest, largest] = [Infinity, 0];
  for (const amount of amounts) {
    const size = Math.abs(amount ?? 0);
    if (size === 0 || !Number.isFinite(size)) continue;
    smallest = Math.min(smallest, size);
    largest = Math.max(largest, size);
  }
  if (largest === 0) return 2;
  if (smallest >= 10_000) return 0;
  if (smallest >= (fine ? 1 : 0.01)) return 2;
  const [small, large] = [placeOf(smallest), placeOf(largest)];
  const needed = fine ? Math.max(small + 1, Math.min(small, large) + 2) : small + 1;
  const room = mostDigits - 1 + large;
  return Math.min(7, Math.max(2, Math.min(needed, room)));
}

/** At which decimal the first digit of an amount stands: 1 for 0.2, 3 for 0.004; 0 or less from 1 on. */
const placeOf = (amount: number): number => -Math.floor(Math.log10(amount));

/** An amount with the decimals of its column, without unit; what is not nothing is never said to be 0. */
export function formatAmountIn(dollars: number, decimals: number): string {
  const step = 10 ** -decimals;
  const isBelow = dollars !== 0 && Math.abs(dollars) < step / 2;
  return isBelow ? `<${step.toFixed(decimals)}` : grouped(dollars, decimals);
}

/** The same in dollars: `$0.0040`, `$12.40`, `<$0.01`. */
export function formatMoneyIn(dollars: number, decimals: number): string {
  const amount = formatAmountIn(Math.abs(dollars), decimals);
  const sign = dollars < 0 ? '−' : '';
  return amount.startsWith('<') ? `<$${amount.slice(1)}` : `${sign}$${amount}`;
}

/** Dollars with three significant digits, for scales of small steps: `$0.0134`. */
export function formatFineMoney(dollars: number): string {
  const size = Math.abs(dollars);
  if (size === 0 || size >= 1 || size < 0.000_001) return formatMoney(dollars);
  return `$${dollars.toFixed(2 - Math.floor(Math.log10(size)))}`;
}

/** Dollars per 1,000 calls from dollars per call, without unit: for a column headed `$/k`. */
export function formatPerThousand(dollarsPerCall: number): string {
  return amountText(dollarsPerCall * 1000);
}

/** Dollars per 1,000 calls with its unit: `$0.41/k`. */
export function formatCost(dollarsPerCall: number): string {
  return `${formatMoney(dollarsPerCall * 1000)}/k`;
}

/** A monthly saving as an estimate: whole dollars, cents below ten. */
export function formatSaving(dollarsPerMonth: number): string {
  const amount = savingText(Math.abs(dollarsPerMonth));
  return `${dollarsPerMonth < 0 ? '−' : ''}$${amount}/mo`;
}

/** How much of a month's budget is spent. */
export function monthText(spentUsd: number, budgetUsd: number): string {
  const beyond = spentUsd > budgetUsd ? ', more than was planned' : '';
  return `This month: ${formatMoney(spentUsd)} of ${formatMoney(budgetUsd)}${beyond}.`;
}
