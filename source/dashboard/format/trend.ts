/** Below this many percent a trend is none. */
const flatBelowPercent = 1;

export type TrendDirection = 'up' | 'down' | 'flat' | 'none';

/** Noise has no direction, whatever its number is. */
export function trendDirection(percent: number | null, isNoise = false): TrendDirection {
  if (percent === null || isNoise) return 'none';
  if (Math.abs(percent) < flatBelowPercent) return 'flat';
  return percent > 0 ? 'up' : 'down';
}

/** The number of a trend, without its arrow: `+8%`, `-11%`, `0%`, nothing without a trend. */
export function formatTrendPercent(percent: number | null): string {
  if (percent === null) return '';
  if (percent > 999) return '>999%';
  const whole = Math.abs(percent) < flatBelowPercent ? 0 : Math.round(percent);
  return `${whole > 0 ? '+' : ''}${whole}%`;
}
