import { daySeconds } from '../../domain/durations.ts';
import type { Insight, Spend } from '../../domain/insight.ts';
import type { MoneyLimits, MonthSpend } from '../../domain/month-spend.ts';
import { ownValue } from '../../domain/own-value.ts';
import { openCount } from '../../domain/routes.ts';
import { smallPlan } from '../../domain/supervision.ts';
import { formatMoney } from './money.ts';
import { formatCount, formatShare } from './numbers.ts';
import { formatDay } from './time.ts';

/** What calls of a role are, in the order of a task. */
const roleWords: Readonly<Record<string, string>> = {
  planner: 'planning',
  generator: 'answers',
  reviser: 'revisions',
  critic: 'critiques',
  judge: 'judgements',
  unknown: 'whole tasks',
};

/** What the calls of a role are. */
export const roleWord = (role: string): string => ownValue(roleWords, role) ?? role;

/** Of a total of which some is only known by tasks. */
export const approximateSentence =
  'Some of it is only known by whole tasks: it is booked on the model that was chosen.';

/** What each role was paid, in the order of a task; a role that was paid nothing is left out. */
export function roleRows({ byRole }: Spend): { name: string; costUsd: number }[] {
  const known = Object.keys(roleWords);
  const others = Object.keys(byRole).filter((role) => !known.includes(role));
  return [...known, ...others].flatMap((role) => {
    const costUsd = byRole[role] ?? 0;
    return costUsd > 0 ? [{ name: roleWord(role), costUsd }] : [];
  });
}

/** A part of a whole in whole percent; what is something is never said to be nothing. */
export function formatPart(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return '0%';
  const percent = (100 * part) / whole;
  if (percent < 1) return '<1%';
  return `${percent > 99 && part < whole ? Math.floor(percent) : Math.round(percent)}%`;
}

/** The share of the money that critics and judges got, and what its ceiling is; nothing where they got none. */
export function supervisionSentences(
  { byRole, totalUsd }: Spend,
  { supervisionShare }: MoneyLimits,
): string[] {
  const { critic = 0, judge = 0 } = byRole;
  if (critic + judge <= 0) return [];
  const share = formatShare((critic + judge) / totalUsd);
  const ceiling =
    supervisionShare === undefined
      ? ''
      : `; runs of more than ${smallPlan} tasks that start now are to keep to ${formatShare(supervisionShare)}`;
  return [`Critiques and judgements: ${share} of it${ceiling}.`];
}

/** The month so far, by its end, how that is worked out, and how it compares with the budget; nothing of nothing. */
export function monthSentences(month: MonthSpend, limits: MoneyLimits, now: number): string[] {
  const { spentUsd, forecast } = month;
  if (spentUsd === 0 && forecast === null && limits.monthBudgetUsd === undefined) return [];
  return [
    monthSentence(month),
    ...howSentences(month, now),
    ...budgetSentences(month, limits.monthBudgetUsd),
  ];
}

const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** Of the month that holds a moment, in local time. */
export const monthName = (at: number): string => months[new Date(at * 1000).getMonth()] ?? '';

/** A window in words: `last 30 days`. */
export const lastDays = (days: number): string =>
  days === 1 ? 'last day' : `last ${formatCount(days)} days`;

/** What stands for a month wherever an amount is said by the month: `30 days at the pace of the last 30 days`. */
export const paceWords = (of: Pick<Insight, 'window' | 'paceDays'>): string =>
  `30 days at the ${paceOf(of)}`;

/** The pace alone, where room is short. */
export const paceOf = ({ window, paceDays }: Pick<Insight, 'window' | 'paceDays'>): string =>
  `pace of the ${paceDays < window.days ? onRecord(paceDays) : lastDays(window.days)}`;

/** Of a history that is shorter than its window; what is shorter than a week counts as one. */
export const onRecord = (days: number): string =>
  days <= 7 ? 'first week on record' : `${formatCount(days)} days on record`;

/** `November: $12.40 so far, about $18 by its end (as days differ: $15.10 to $24.00).` */
function monthSentence({ from, spentUsd, forecast }: MonthSpend): string {
  if (spentUsd === 0 && (forecast?.highUsd ?? 0) === 0) {
    return `${monthName(from)}: nothing was paid so far.`;
  }
  const soFar = `${monthName(from)}: ${formatMoney(spentUsd)} so far`;
  if (forecast === null) return `${soFar}; a forecast needs a week on record.`;
  return `${soFar}, about ${formatMoney(forecast.usd)} by its end (as days differ: ${likely(forecast)}).`;
}

/** Bounds of a forecast. */
const likely = ({ lowUsd, highUsd }: { lowUsd: number; highUsd: number }): string =>
  `${formatMoney(lowUsd)} to ${formatMoney(highUsd)}`;

function howSentences({ to, forecast }: MonthSpend, now: number): string[] {
  if (forecast === null || forecast.highUsd === 0) return [];
  const left = ((to - now) / daySeconds).toFixed(1);
  return [
    `By its end: what is spent so far, and ${formatMoney(forecast.dayUsd)} a day, the pace of the last ${forecast.days} whole days, for the ${left} days until ${formatDay(to)}.`,
  ];
}

function budgetSentences({ spentUsd, forecast }: MonthSpend, budgetUsd?: number): string[] {
  if (budgetUsd === undefined) return [];
  const spent = `${formatPart(spentUsd, budgetUsd)} of the month’s budget of ${formatMoney(budgetUsd)} is spent`;
  const note = 'It is shown, not enforced.';
  if (spentUsd > budgetUsd) {
    return [`${spent}: ${formatMoney(spentUsd - budgetUsd)} more than it. ${note}`];
  }
  if (forecast === null) return [`${spent}. ${note}`];
  const then =
    forecast.usd > budgetUsd
      ? `${formatMoney(forecast.usd - budgetUsd)} more than it`
      : formatPart(forecast.usd, budgetUsd);
  return [`${spent}, by the month’s end about ${then}. ${note}`];
}

/** What to do about a judge whose scores do not follow quality. */
export const uselessJudgeSentence = (judge: string): string =>
  `The judgements of ${judge} are uninformative, since they do not tell good answers from bad ones: name other judges under roles.judge.`;

/** Whether calls were made, and none of them succeeded: no advice means something else then. */
export const isAllFailed = (insight: Insight | undefined): boolean => {
  const tried = (insight?.rankings ?? []).filter(({ callCount }) => callCount > 0);
  return (
    tried.length > 0 && tried.every(({ callCount, failureCount }) => failureCount >= callCount)
  );
};

/** What to do about it. */
export const allFailedSentence =
  'Every call of this window failed: a task of the last run says why, and orchestrator doctor checks keys and servers.';

/** How many are to be acted on, how many are done, and what a month is. */
export function adviceHeading(insight: Insight): string {
  const { recommendations } = insight;
  const done = recommendations.filter(({ inForce }) => inForce === true).length;
  const hasMoney = recommendations.some(({ monthlySavingsUsd }) => monthlySavingsUsd !== undefined);
  return [
    `${openCount(recommendations)} to act on`,
    ...(done === 0 ? [] : [`${done} done`]),
    ...(hasMoney ? [`a month: ${paceWords(insight)}`] : []),
  ].join(', ');
}
