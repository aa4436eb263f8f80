import type { ReactNode } from 'react';
import type { Recommendation, Window } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCount,
  formatDifference,
  formatMoney,
  formatMoneyIn,
  formatPlural,
  formatQuality,
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
import {
  countedSentence,
  decidingSentences,
  goneSentence,
  outlookSentences,
  savingSentence,
} from './evidence-words.ts';
import { isToApply, kindOf } from '../tables/recommendations.ts';
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

/** The window for which the open advice was given. */
function daysWhenOpened(state: AppState): number {
  const view = topView(state);
  return view?.kind === 'evidence' ? view.days : state.days;
}

/** What `y` and `c` do with it; nothing where nothing is left to do. */
function keysNote(recommendation: Recommendation | undefined): string {
  if (recommendation === undefined) return '';
  if (isToApply(recommendation)) return 'y copies the configuration that applies it';
  return settling(recommendation) === undefined ? '' : 'c copies the command that settles it';
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
      note={[styled(keysNote(recommendation), 'muted')]}
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
  const window = state.insight?.window ?? { days: state.days, from: 0, to: 0 };
  const lines: Line[] =
    recommendation === undefined
      ? mutedText(goneSentence(window.days, daysWhenOpened(state)), width, style)
      : evidenceLines(recommendation, window, width, style);
  return lines.map((line) => ({ line: [gap(1), ...line] }));
}

function evidenceLines(
  recommendation: Recommendation,
  window: Window,
  width: number,
  style: RenderStyle,
): Line[] {
  const { word, role } = kindOf(recommendation);
  const text = (words: string): Line[] =>
    wrapText(plain(words, style), width).map((line): Line => [styled(line)]);
  const comparison = comparisonLines(recommendation, width, style);
  const difference = differenceLines(recommendation, width, style);
  const saving = savingLines(recommendation, window, width, style);
  return [
    [
      styled(word, role, true),
      styled(`   ${style.clean(taskTypeLabel(recommendation.taskType))}`, 'muted'),
    ],
    ...text(style.clean(recommendation.message)),
    [],
    ...comparison,
    ...mutedText(countedSentence(recommendation, window), width, style),
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
    kind === 'unreliable' || sides.what === 'share' ? formatShare(value) : formatQuality(value);
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
  const { difference, low, high, margin } = evidence;
  const lines: Line[] = [];
  if (difference !== undefined) {
    const bounds =
      low === undefined || high === undefined
        ? ''
        : `   between ${formatDifference(low, 3)} and ${formatDifference(high, 3)}`;
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
  const notes = [...decidingSentences(recommendation, style), ...outlookSentences(recommendation)];
  return [...lines, ...mutedText(notes.join(' '), width, style)];
}

const mutedText = (text: string, width: number, style: RenderStyle): Line[] =>
  wrapText(plain(style.clean(text), style), width).map((line): Line => [styled(line, 'muted')]);

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

/** What a month would save, and how that is worked out. */
function savingLines(
  recommendation: Recommendation,
  window: Window,
  width: number,
  style: RenderStyle,
): Line[] {
  const { monthlySavingsUsd } = recommendation;
  if (monthlySavingsUsd === undefined) return [];
  const formula = savingSentence(recommendation, window, ownDecimals(recommendation));
  return [
    [styled(plain(savingWords(recommendation, monthlySavingsUsd), style), 'good', true)],
    ...mutedText(formula ?? '', width, style),
  ];
}
