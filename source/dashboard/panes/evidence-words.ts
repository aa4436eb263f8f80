import { horizonDays } from '../../domain/durations.ts';
import type { Recommendation, Window } from '../../domain/insight.ts';
import {
  formatDifference,
  formatMoney,
  formatMoneyIn,
  formatPlural,
  formatSaving,
  formatUtcDay,
  lastDays,
  onRecord,
} from '../format/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';

/** In place of advice that is not given any more, and why: another window may be all that is different. */
export function goneSentence(days: number, daysWhenOpened: number): string {
  if (days < daysWhenOpened) {
    return `A window of ${formatPlural(days, 'day')} is too short for this advice, which is of the ${lastDays(daysWhenOpened)}: ] widens it.`;
  }
  return days > daysWhenOpened
    ? `This advice is of the ${lastDays(daysWhenOpened)}; in the ${lastDays(days)} the data does not support it: [ narrows the window.`
    : 'The data does not support this advice any more.';
}

/** Which tasks or calls are counted: why the same name may have another number elsewhere. */
export function countedSentence(
  { kind, alternative, evidence }: Recommendation,
  { days }: Window,
): string {
  const ofWindow = `of the ${lastDays(days)}`;
  switch (kind) {
    case 'switch':
    case 'promising': {
      if (alternative === undefined) return `All money ${ofWindow} for tasks of this type.`;
      return `Quality: every task scored${sinceWords(evidence)}, since advice goes by all that is known; a failed call counts 0. Leaders and models show the calls ${ofWindow}, so their numbers differ.`;
    }
    case 'declining':
    case 'improving':
    case 'changed': {
      return `Every task scored${sinceWords(evidence)}; leaders and models show the calls ${ofWindow}.`;
    }
    case 'unreliable': {
      return `All calls ${ofWindow}.`;
    }
    case 'needs-data': {
      return `Counted are the calls of the last ${horizonDays} days, as routing counts them, whatever the window is.`;
    }
  }
}

const sinceWords = ({ from }: Recommendation['evidence']): string =>
  from === undefined ? '' : ` since ${formatUtcDay(from)}`;

/** What the bar is, which end of it decides, and what an estimate beside it is good for. */
export function decidingSentences(
  { kind, evidence, model }: Recommendation,
  style: RenderStyle,
): string[] {
  const { low, margin, comparisons = 1, comparable } = evidence;
  if (low === undefined) return [];
  const isChange = kind === 'declining' || kind === 'improving' || kind === 'changed';
  const atOnce = comparisons < 2 ? '' : `, for all ${comparisons} comparisons made at once`;
  const bar = `The bar is where the difference lies: 95% sure, however often one looks${isChange ? '' : atOnce}.`;
  if (margin === undefined) {
    return [
      bar,
      ...(isChange && atOnce !== '' ? [`That it is no chance was tested${atOnce}.`] : []),
    ];
  }
  if (comparable === false) {
    return ['The two were never judged by the same judges: until they are, nothing is decided.'];
  }
  const mark = `${style.glyphs.interval.decides} (${formatDifference(-margin)}, as much quality as may be lost)`;
  if (kind === 'switch')
    return [bar, `Its left end decides: it stays right of ${mark}, so this is firm.`];
  return [
    bar,
    low > -margin
      ? `Its left end decides: it is right of ${mark}, but not against each model that ${style.clean(model)} was advised instead of, so this is not firm.`
      : `Its left end decides: it is not right of ${mark}, so this is not firm yet.`,
  ];
}

/** What is likely though not decided, and what would decide it. */
export function outlookSentences({ kind, evidence }: Recommendation): string[] {
  const { probability, since, moreNeeded, moreCostUsd = 0, margin = 0 } = evidence;
  const price = moreCostUsd > 0 ? ` (${formatMoney(moreCostUsd)})` : '';
  return [
    ...(since === undefined ? [] : [`It began about ${formatUtcDay(since)}.`]),
    ...(probability === undefined
      ? []
      : [
          `${Math.floor(100 * probability)}% probable not to be worse by more than ${formatDifference(margin).slice(1)} is an estimate, which goes by other task types and prices too: it tells what is worth trying, and decides nothing.`,
        ]),
    ...(moreNeeded === undefined
      ? []
      : [`About ${moreWords(kind, Math.ceil(moreNeeded))}${price}.`]),
  ];
}

/** What more would do, of tasks that settle a comparison or calls that make a pair count. */
const moreWords = (kind: Recommendation['kind'], more: number): string =>
  kind === 'needs-data'
    ? `${formatPlural(more, 'more call')} would make them count`
    : `${formatPlural(more, 'more task')} of both would settle it`;

/** (own attempts per task now − then) × tasks that would move × 30 / days, with its numbers and its interval. */
export function savingSentence(
  { model, evidence }: Recommendation,
  { days }: Window,
  decimals: number,
): string | undefined {
  const { costUsd, costAlternativeUsd, volume, paceDays = days } = evidence;
  if (costUsd === undefined || costAlternativeUsd === undefined || volume === undefined) {
    return undefined;
  }
  const [now, then] = [costUsd, costAlternativeUsd].map((usd) => formatMoneyIn(usd, decimals));
  const { savingsLowUsd: low, savingsHighUsd: high } = evidence;
  const likely =
    low === undefined || high === undefined
      ? ''
      : `, likely ${formatSaving(low)} to ${formatSaving(high)} (95%, by how much costs of a task differ)`;
  const divided =
    paceDays < days ? `${paceDays} (the ${onRecord(paceDays)})` : formatPlural(days, 'day');
  return `(${now} − ${then}) of own attempts per task × ${formatPlural(volume, 'task')} that ${model} did in the ${lastDays(days)} × 30 / ${divided}${likely}. Reviews are priced alike for both.`;
}
