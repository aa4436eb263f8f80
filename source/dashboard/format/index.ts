export {
  formatCount,
  formatDifference,
  formatInterval,
  formatPlural,
  formatQuality,
  formatQualityWords,
  formatScore,
  formatScoreWords,
  formatShare,
  formatValue,
  nothing,
  notJudged,
  tooFew,
} from './numbers.ts';
export { formatLeftOut } from './left-out.ts';
export {
  formatAmount,
  formatCost,
  formatFineMoney,
  formatMoney,
  formatPerThousand,
  formatSaving,
  monthText,
} from './money.ts';
export {
  formatAge,
  formatClock,
  formatDay,
  formatDayAndTime,
  formatElapsed,
  formatLatency,
  formatMoment,
  formatStamp,
} from './time.ts';
export {
  flatBelowPercent,
  formatTrendPercent,
  trendDirection,
  type TrendDirection,
} from './trend.ts';
