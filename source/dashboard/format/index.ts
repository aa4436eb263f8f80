export { formatVerdict } from './verdict.ts';
export {
  formatCount,
  formatDifference,
  formatInterval,
  formatPlural,
  formatQuality,
  formatQualityWords,
  formatScore,
  formatScoreToMark,
  formatScoreWords,
  formatTaskScore,
  formatShare,
  formatValue,
  nothing,
  notJudged,
  tooFew,
} from './numbers.ts';
export {
  adviceHeading,
  allFailedSentence,
  isAllFailed,
  approximateSentence,
  formatPart,
  lastDays,
  monthName,
  monthSentences,
  onRecord,
  paceOf,
  paceWords,
  roleRows,
  roleWord,
  supervisionSentences,
  uselessJudgeSentence,
} from './spend-words.ts';
export { elsewhereText, machineText } from './machine.ts';
export { tokenWords } from './tokens.ts';
export { formatLeftOut } from './left-out.ts';
export {
  formatAmountIn,
  formatCost,
  formatFineMoney,
  formatMoney,
  formatMoneyIn,
  formatPerThousand,
  formatSaving,
  moneyDecimals,
  monthText,
} from './money.ts';
export {
  formatAge,
  formatDate,
  formatDay,
  formatDayAndTime,
  formatElapsed,
  formatLatency,
  formatMoment,
  formatSince,
  formatStamp,
  formatUtcDay,
} from './time.ts';
export { formatTrendPercent, trendDirection } from './trend.ts';
