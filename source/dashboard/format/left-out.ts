import type { LeftOut } from '../../domain/insight.ts';
import { formatPlural } from './numbers.ts';

/** What is in no number, and why; undefined where everything is. */
export function formatLeftOut({ ahead, outOfRange }: LeftOut): string | undefined {
  const parts = [
    ...(ahead === 0
      ? []
      : [`${areRows(ahead)} dated in the future (by another clock, or in milliseconds)`]),
    ...(outOfRange === 0
      ? []
      : [`${haveRows(outOfRange)} a score or an amount that cannot be true`]),
  ];
  if (parts.length === 0) return undefined;
  return `Left out of every number: ${parts.join(', and ')}. Correct what wrote them.`;
}

function areRows(count: number): string {
  return `${formatPlural(count, 'row')} ${count === 1 ? 'is' : 'are'}`;
}

function haveRows(count: number): string {
  return `${formatPlural(count, 'row')} ${count === 1 ? 'has' : 'have'}`;
}
