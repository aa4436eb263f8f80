import type { ReactNode } from 'react';
import type { Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCount,
  formatDifference,
  formatMoment,
  formatMoney,
  formatMoneyIn,
  formatPlural,
  formatSaving,
  formatScore,
  formatShare,
  moneyDecimals,
} from '../format/index.ts';
import { intervalBar } from '../layout/interval-bar.ts';
import { adviceIn, recommendationId } from '../state/lists.ts';
import { settling } from '../state/settling.ts';
import { topView, type AppState } from '../state/state.ts';
import { pad, widthOf, wrapText } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { kindOf } from '../tables/recommendations.ts';
import { innerWidth, type PaneLine } from './pane.tsx';
import { TextPane } from './text-pane.tsx';
import { savingWords } from './recommendations.tsx';

/** The view of a recommendation: what it rests on. */
export function EvidenceView(input: PaneInput): ReactNode {
  const top = input.state.scroll?.top ?? 0;
  return <EvidencePane {...input} recommendation={openAdvice(input.state)} isFocused top={top} />;
}

function openAdvice(state: AppState): Recommendation | undefined {
  const view = topView(state);
  return adviceIn(state).find(
    (candidate) => view?.kind === 'evidence' && recommendationId(candidate) === view.recommendation,
  );
}

/** The text of that view. */
export const evidenceTextLines = (input: PaneInput): PaneLine[] =>
  paneLines(input, openAdvice(input.state));

/** The numbers compared, their interval, n, and how the saving was computed. */
export function EvidencePane({
  recommendation,
  top,
  ...input
}: PaneInput & { recommendation: Recommendation | undefined; top?: number }): ReactNode {
  const { style, area, isFocused } = input;
  return (
    <TextPane
      title={[styled('EVIDENCE', 'title', true)]}
      note={[styled('y copies the configuration', 'muted')]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      lines={paneLines(input, recommendation)}
      top={top ?? 0}
    />
  );
}

function paneLines(
  { state, style, area }: PaneInput,
  recommendation: Recommendation | undefined,
): PaneLine[] {
  const width = innerWidth(area) - 2;
  const days = state.insight?.window.days ?? state.days;
  const lines: Line[] =
    recommendation === undefined
      ? [[styled('The data does not support this advice any more.', 'muted')]]
      : evidenceLines(recommendation, days, width, style);
  return lines.map((line) => ({ line: [gap(1), ...line] }));
}

function evidenceLines(
  recommendation: Recommendation,
  days: number,
  width: number,
  style: RenderStyle,
): Line[] {
  const { word, role } = kindOf(recommendation);
  const text = (words: string): Line[] =>
    wrapText(plain(words, style), width).map((line): Line => [styled(line)]);
  const comparison = comparisonLines(recommendation, width, style);
  const difference = differenceLines(recommendation, width, style);
  const saving = savingLines(recommendation, days, width, style);
  return [
    [
      styled(word, role, true),
      styled(`   ${style.clean(taskTypeLabel(recommendation.taskType))}`, 'muted'),
    ],
    ...text(style.clean(recommendation.message)),
    [],
    ...comparison,
    ...(difference.length === 0 ? [] : [[], ...difference]),
    ...(saving.length === 0 ? [] : [[], ...saving]),
    ...settlingLines(recommendation, width, style),
  ];
}

/** The names of the two sides that each kind compares, and of their number. */
function sidesOf(recommendation: Recommendation): { one: string; other?: string; what: string } {
  const { kind, model, alternative } = recommendation;
  switch (kind) {
    case 'switch':
    case 'promising': {
      return alternative === undefined
        ? { one: `reviews, most by ${model}`, what: 'share' }
        : { one: `now: ${model}`, other: `instead: ${alternative}`, what: 'quality' };
    }
    case 'declining':
    case 'improving':
    case 'changed': {
      return { one: `${model}, since then`, other: 'before', what: 'quality' };
    }
    case 'unreliable': {
      return { one: model, other: 'the other models', what: 'failures' };
    }
    case 'needs-data': {
      return { one: 'models on task types', what: 'quality' };
    }
  }
}

/** Of the two prices that are compared: alike for both. */
const ownDecimals = ({ evidence }: Recommendation): number =>
  moneyDecimals([evidence.costUsd, evidence.costAlternativeUsd], { fine: true });

function comparisonLines(
  recommendation: Recommendation,
  width: number,
  style: RenderStyle,
): Line[] {
  const { evidence, kind } = recommendation;
  const sides = sidesOf(recommendation);
  const number = (value: number | undefined) =>
    kind === 'unreliable' || sides.what === 'share' ? formatShare(value) : formatScore(value);
  const hasMoney = evidence.costUsd !== undefined;
  const decimals = ownDecimals(recommendation);
  const rows = [
    { name: sides.one, value: evidence.value, n: evidence.n, cost: evidence.costUsd },
    ...(sides.other === undefined
      ? []
      : [
          {
            name: sides.other,
            value: evidence.valueAlternative,
            n: evidence.nAlternative,
            cost: evidence.costAlternativeUsd,
          },
        ]),
  ];
  const counted = kind === 'needs-data' ? 'pairs' : kind === 'unreliable' ? 'calls' : 'tasks';
  const numbers = 9 + 8 + (hasMoney ? 12 : 0);
  const longest = Math.max(...rows.map(({ name }) => widthOf(style.clean(name))));
  const room = Math.max(8, Math.min(longest, width - numbers));
  return [
    [
      gap(room),
      ...(evidence.value === undefined ? [] : [styled(pad(sides.what, 9, 'right'), 'muted')]),
      styled(pad(counted, 8, 'right'), 'muted'),
      ...(hasMoney ? [styled(pad('own / task', 12, 'right'), 'muted')] : []),
    ],
    ...rows.flatMap(({ name, value, n, cost }): Line[] => {
      const [first = '', ...rest] = wrapText(style.clean(name), room);
      return [
        [
          styled(pad(first, room)),
          ...(evidence.value === undefined
            ? []
            : [styled(pad(number(value), 9, 'right'), undefined, true)]),
          styled(pad(n === undefined ? '' : formatCount(n), 8, 'right')),
          ...(hasMoney
            ? [styled(pad(cost === undefined ? '' : formatMoneyIn(cost, decimals), 12, 'right'))]
            : []),
        ],
        ...rest.map((line): Line => [styled(line)]),
      ];
    }),
  ];
}

function differenceLines(
  recommendation: Recommendation,
  width: number,
  style: RenderStyle,
): Line[] {
  const { evidence } = recommendation;
  const { difference, low, high, margin, probability, moreNeeded, moreCostUsd, since } = evidence;
  const lines: Line[] = [];
  if (difference !== undefined) {
    const bounds =
      low === undefined || high === undefined
        ? ''
        : `   ${formatDifference(low, 3)} … ${formatDifference(high, 3)}`;
    lines.push([
      styled('difference  ', 'muted'),
      styled(plain(formatDifference(difference, 3), style), 'title', true),
      styled(plain(bounds, style)),
    ]);
    if (low !== undefined && high !== undefined) {
      lines.push(
        intervalBar(
          {
            low,
            high,
            estimate: difference,
            ...(margin === undefined ? {} : { decides: -margin }),
          },
          Math.min(width, 60),
          style,
        ),
      );
    }
  }
  const notes = [
    ...levelSentences(recommendation, style),
    since === undefined ? undefined : `It began about ${formatMoment(since).slice(0, 10)}.`,
    probability === undefined
      ? undefined
      : `${Math.floor(100 * probability)}% probable not to be worse by more than the margin.`,
    moreNeeded === undefined
      ? undefined
      : `About ${moreWords(recommendation.kind, Math.ceil(moreNeeded))}${moreCostUsd === undefined || moreCostUsd === 0 ? '' : ` (${formatMoney(moreCostUsd)})`}.`,
  ].filter((note) => note !== undefined);
  return [
    ...lines,
    ...wrapText(plain(notes.join(' '), style), width).map((line): Line => [styled(line, 'muted')]),
  ];
}

/** What more would do, of tasks that settle a comparison or calls that make a pair count. */
const moreWords = (kind: Recommendation['kind'], more: number): string =>
  kind === 'needs-data'
    ? `${formatPlural(more, 'more call')} would make them count`
    : `${formatPlural(more, 'more task')} would settle it`;

/** At which level the bounds hold, and what of them decides. */
function levelSentences({ kind, evidence }: Recommendation, style: RenderStyle): string[] {
  const { low, margin, comparisons = 1 } = evidence;
  if (low === undefined) return [];
  const all = formatPlural(comparisons, 'comparison');
  const corrected = comparisons < 2 || kind === 'promising' ? '' : `, corrected for ${all}`;
  const level = `The bounds hold at 95%, however often one looks${corrected}.`;
  if (margin === undefined) return [level];
  const limit = `${formatDifference(-margin)} (${style.glyphs.interval.decides}), by which quality may be worse`;
  if (kind !== 'promising') return [level, `What decides: the lower one is above ${limit}.`];
  return [
    level,
    low > -margin
      ? `What decides: the lower one is above ${limit}, but not yet with all ${all} at once.`
      : `What decides: the lower one is not yet above ${limit}.`,
  ];
}

/** The command that settles it: run where its output and its own question of price can be read, not on this screen. */
function settlingLines(recommendation: Recommendation, width: number, style: RenderStyle): Line[] {
  const found = settling(recommendation);
  if (found === undefined) return [];
  const price = found.costUsd > 0 ? `, likely ${formatMoney(found.costUsd)} with judges` : '';
  const head = `To settle it, let both answer the same ${formatPlural(found.tasks, 'task')} at most${price} (c copies the command):`;
  return [
    [],
    ...wrapText(plain(head, style), width).map((line): Line => [styled(line, 'muted')]),
    ...wrapText(style.clean(found.command), width).map((line): Line => [styled(line)]),
  ];
}

/** (own attempts per task now − then) × tasks that would move × 30 / N, with its numbers and its interval. */
function savingLines(
  recommendation: Recommendation,
  days: number,
  width: number,
  style: RenderStyle,
): Line[] {
  const { monthlySavingsUsd, evidence } = recommendation;
  if (monthlySavingsUsd === undefined) return [];
  const { costUsd, costAlternativeUsd, volume, savingsLowUsd, savingsHighUsd } = evidence;
  const head: Line = [
    styled(plain(savingWords(recommendation, monthlySavingsUsd), style), 'good', true),
  ];
  if (costUsd === undefined || costAlternativeUsd === undefined || volume === undefined) {
    return [head];
  }
  const interval =
    savingsLowUsd === undefined || savingsHighUsd === undefined
      ? ''
      : `; 95%: ${formatSaving(savingsLowUsd)} to ${formatSaving(savingsHighUsd)}`;
  const decimals = ownDecimals(recommendation);
  const formula = `(${formatMoneyIn(costUsd, decimals)} − ${formatMoneyIn(costAlternativeUsd, decimals)}) of own attempts per task × ${formatPlural(volume, 'task')} that would move × 30 / ${days} days${interval}. Reviews are priced alike for both.`;
  return [
    head,
    ...wrapText(plain(formula, style), width).map((line): Line => [styled(line, 'muted')]),
  ];
}
