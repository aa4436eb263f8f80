import type { ReactNode } from 'react';
import type { Recommendation } from '../../domain/insight.ts';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatCount,
  formatDifference,
  formatMoney,
  formatPlural,
  formatSaving,
  formatScore,
  formatShare,
} from '../format/index.ts';
import { intervalBar } from '../layout/interval-bar.ts';
import { recommendationId } from '../state/lists.ts';
import { topLevel } from '../state/state.ts';
import { pad, widthOf, wrapText } from '../text/index.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { innerWidth, Pane } from './pane.tsx';
import { kindWords } from './recommendations.tsx';

/** One level down from a recommendation: what it rests on. */
export function EvidenceView({ state, look, area }: PaneInput): ReactNode {
  const level = topLevel(state);
  const recommendation = state.insight?.recommendations.find(
    (candidate) =>
      level?.kind === 'evidence' && recommendationId(candidate) === level.recommendation,
  );
  return (
    <EvidencePane
      recommendation={recommendation}
      days={state.insight?.window.days ?? state.days}
      look={look}
      area={area}
      isFocused
    />
  );
}

/** The numbers compared, their interval, n, and how the saving was computed. */
export function EvidencePane({
  recommendation,
  days,
  look,
  area,
  isFocused,
}: Omit<PaneInput, 'state'> & {
  recommendation: Recommendation | undefined;
  days: number;
}): ReactNode {
  const width = innerWidth(area) - 2;
  const lines: Line[] =
    recommendation === undefined
      ? [[span('The data does not support this advice any more.', 'muted')]]
      : evidenceLines(recommendation, days, width, look);
  return (
    <Pane
      title={[span('EVIDENCE', 'title', true)]}
      note={[span('y copies the configuration', 'muted')]}
      area={area}
      look={look}
      isFocused={isFocused === true}
      lines={lines.map((line) => ({ line: [gap(1), ...line] }))}
    />
  );
}

function evidenceLines(
  recommendation: Recommendation,
  days: number,
  width: number,
  look: Look,
): Line[] {
  const { word, role } = kindWords[recommendation.kind];
  const text = (words: string): Line[] =>
    wrapText(plain(words, look), width).map((line): Line => [span(line)]);
  const comparison = comparisonLines(recommendation, width, look);
  const difference = differenceLines(recommendation, width, look);
  const saving = savingLines(recommendation, days, width, look);
  return [
    [
      span(word, role, true),
      span(`   ${look.clean(taskTypeLabel(recommendation.taskType))}`, 'muted'),
    ],
    ...text(look.clean(recommendation.message)),
    [],
    ...comparison,
    ...(difference.length === 0 ? [] : [[], ...difference]),
    ...(saving.length === 0 ? [] : [[], ...saving]),
  ];
}

/** The names of the two sides that each kind compares, and of their number. */
function sidesOf(recommendation: Recommendation): { one: string; other?: string; what: string } {
  const { kind, model, alternative } = recommendation;
  switch (kind) {
    case 'switch':
    case 'promising': {
      return { one: `now: ${model}`, other: `instead: ${alternative ?? '?'}`, what: 'quality' };
    }
    case 'declining':
    case 'improving': {
      return { one: `${model}, this window`, other: 'the window before', what: 'quality' };
    }
    case 'unreliable': {
      return { one: model, other: 'the other models', what: 'failures' };
    }
    case 'needs-data': {
      return { one: model, what: 'quality' };
    }
  }
}

const money = (value: number | undefined): string =>
  value === undefined ? '' : formatMoney(value);

function comparisonLines(recommendation: Recommendation, width: number, look: Look): Line[] {
  const { evidence, kind } = recommendation;
  const sides = sidesOf(recommendation);
  const number = (value: number | undefined) =>
    kind === 'unreliable' ? formatShare(value) : formatScore(value);
  const hasMoney = evidence.costUsd !== undefined;
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
  const counted = kind === 'needs-data' || kind === 'unreliable' ? 'calls' : 'tasks';
  const numbers = 9 + 8 + (hasMoney ? 12 : 0);
  const longest = Math.max(...rows.map(({ name }) => widthOf(look.clean(name))));
  const room = Math.max(8, Math.min(longest, width - numbers));
  return [
    [
      gap(room),
      ...(evidence.value === undefined ? [] : [span(pad(sides.what, 9, 'right'), 'muted')]),
      span(pad(counted, 8, 'right'), 'muted'),
      ...(hasMoney ? [span(pad('per task', 12, 'right'), 'muted')] : []),
    ],
    ...rows.flatMap(({ name, value, n, cost }): Line[] => {
      const [first = '', ...rest] = wrapText(look.clean(name), room);
      return [
        [
          span(pad(first, room)),
          ...(evidence.value === undefined
            ? []
            : [span(pad(number(value), 9, 'right'), undefined, true)]),
          span(pad(n === undefined ? '' : formatCount(n), 8, 'right')),
          ...(hasMoney ? [span(pad(money(cost), 12, 'right'))] : []),
        ],
        ...rest.map((line): Line => [span(line)]),
      ];
    }),
  ];
}

function differenceLines(recommendation: Recommendation, width: number, look: Look): Line[] {
  const { difference, low, high, comparisons, probability, moreNeeded } = recommendation.evidence;
  const lines: Line[] = [];
  if (difference !== undefined) {
    const bounds =
      low === undefined || high === undefined
        ? ''
        : `   ${formatDifference(low, 3)} … ${formatDifference(high, 3)}`;
    lines.push([
      span('difference  ', 'muted'),
      span(plain(formatDifference(difference, 3), look), 'title', true),
      span(plain(bounds, look)),
    ]);
    if (low !== undefined && high !== undefined) {
      lines.push(intervalBar({ low, high, estimate: difference }, Math.min(width, 60), look));
    }
  }
  const notes = [
    comparisons === undefined || comparisons < 2
      ? undefined
      : `The bounds are one-sided 95%, corrected for ${formatPlural(comparisons, 'comparison')}.`,
    probability === undefined ? undefined : `So far ${formatShare(probability)} sure.`,
    moreNeeded === undefined
      ? undefined
      : `About ${formatPlural(Math.ceil(moreNeeded), 'more would settle it', 'more would settle it')}.`,
  ].filter((note) => note !== undefined);
  return [
    ...lines,
    ...wrapText(plain(notes.join(' '), look), width).map((line): Line => [span(line, 'muted')]),
  ];
}

/** (cost per task now − then) × tasks of that type in the window × 30 / N, with its numbers. */
function savingLines(
  recommendation: Recommendation,
  days: number,
  width: number,
  look: Look,
): Line[] {
  const { monthlySavingsUsd, evidence } = recommendation;
  if (monthlySavingsUsd === undefined) return [];
  const { costUsd, costAlternativeUsd, volume } = evidence;
  const head: Line = [
    span('saves       ', 'muted'),
    span(plain(`about ${formatSaving(monthlySavingsUsd)}`, look), 'good', true),
  ];
  if (costUsd === undefined || costAlternativeUsd === undefined || volume === undefined) {
    return [head];
  }
  const formula = `(${formatMoney(costUsd)} − ${formatMoney(costAlternativeUsd)}) per task × ${formatPlural(volume, 'task')} in the window × 30 / ${days} days`;
  return [
    head,
    ...wrapText(plain(formula, look), width).map((line): Line => [span(line, 'muted')]),
  ];
}
