import { amountText, savingText } from '../../domain/amount.ts';

/** Dollars: `$312.40`, `$0.0041`, `$12,400`. */
export function formatMoney(dollars: number): string {
  const amount = amountText(Math.abs(dollars));
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
