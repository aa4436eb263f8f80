import type { ReactNode } from 'react';
import type { Recommendation } from '../../domain/insight.ts';
import { openCount } from '../../domain/routes.ts';
import {
  allFailedSentence,
  formatMoney,
  formatSaving,
  isAllFailed,
  lastDays,
  paceOf,
} from '../format/index.ts';
import {
  adviceIn,
  recommendationId,
  selectedIndex,
  visibleRecommendations,
} from '../state/lists.ts';
import { cutEnd, pad, widthOf, wrapText } from '../text/index.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { pointer, pointerWidth } from '../tables/table.ts';
import { kindOf } from '../tables/recommendations.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { fitBlocks } from './blocks.ts';
import {
  innerHeight,
  innerWidth,
  Pane,
  type PaneLine,
  countOf,
  emptyLine,
  nothingIn,
  sortNote,
} from './pane.tsx';

/** What it is worth in a month: firmly, or if it turns out so. */
export const savingWords = ({ kind, inForce }: Recommendation, monthlyUsd: number): string => {
  const amount = `about ${formatSaving(monthlyUsd)}`;
  if (inForce === true) return `saves ${amount} by itself`;
  return `${kind === 'promising' ? 'may save' : 'saves'} ${amount}`;
};

/** What finding out costs, beside what it may save. */
const settlingWords = ({ kind, evidence }: Recommendation): string =>
  kind !== 'promising' || (evidence.moreCostUsd ?? 0) <= 0
    ? ''
    : `, ${formatMoney(evidence.moreCostUsd ?? 0)} to settle`;

/** What to change. Each piece of advice takes the lines that it needs. */
export function RecommendationsPane({ state, style, area, isFocused }: PaneInput): ReactNode {
  const rows = visibleRecommendations(state);
  // Where keys do not move in it, it starts with what is worth most, whatever was read elsewhere.
  const selected =
    isFocused === true ? selectedIndex(state, 'recommendations', rows.map(recommendationId)) : 0;
  const width = innerWidth(area) - pointerWidth - 1;
  const blocks = rows.map((row, index) =>
    block(row, index, isFocused === true && index === selected, width, style),
  );
  const { lines, more } = fitBlocks(blocks, selected, innerHeight(area));
  const { adviceFollows } = state.insight ?? {};
  return (
    <Pane
      title={[
        styled('RECOMMENDATIONS', 'title', true),
        styled(adviceFollows ? '' : `  ${headingOf(state, rows.length)}`, 'muted'),
        ...sortNote('recommendations', state, style),
      ]}
      note={[styled(monthNote(state), 'muted')]}
      area={area}
      style={style}
      isFocused={isFocused === true}
      more={more}
      lines={rows.length === 0 ? quietLines(state, width, style) : lines}
    />
  );
}

/** How many are to be acted on, as the tab says, and how many a run does by itself. */
function headingOf(state: PaneInput['state'], shown: number): string {
  const all = adviceIn(state);
  if (shown !== all.length) return countOf(shown, all.length);
  const done = all.filter(({ inForce }) => inForce === true).length;
  return `${openCount(all)}${done === 0 ? '' : `, ${done} done`}`;
}

/** What a month is wherever a saving is said. */
function monthNote({ insight }: PaneInput['state']): string {
  const isSaid = insight?.recommendations.some(
    ({ monthlySavingsUsd }) => monthlySavingsUsd !== undefined,
  );
  return insight !== undefined && isSaid === true ? `/mo: ${paceOf(insight)}` : 'advice only';
}

/** Shorter windows may hold too little for advice. */
const usualDays = 30;

function quietLines(state: PaneInput['state'], width: number, style: RenderStyle): PaneLine[] {
  if (state.filter !== '') return [emptyLine(nothingIn(state))];
  const days = state.insight?.window.days ?? state.days;
  const text =
    state.insight?.adviceFollows === true
      ? 'The evidence for advice is being weighed …'
      : isAllFailed(state.insight)
        ? allFailedSentence
        : days < usualDays
          ? `Nothing to change by the ${lastDays(days)} alone: ] looks at a longer window.`
          : 'Nothing to change: no advice that this window’s data supports. More runs may bring some.';
  return wrapText(plain(text, style), width).map((line) => ({
    line: [gap(pointerWidth), styled(line, 'muted')],
  }));
}

function block(
  row: Recommendation,
  index: number,
  isSelected: boolean,
  width: number,
  style: RenderStyle,
): PaneLine[] {
  const number = `[${index + 1}] `;
  if (row.kind === 'needs-data') return [quietLine(row, number, isSelected, width, style)];
  const indent = number.length;
  const saving = row.monthlySavingsUsd;
  const words = style.clean(plain(row.message, style));
  const text = wrapText(words, Math.max(1, width - indent));
  const { word, role } = kindOf(row);
  const price = settlingWords(row);
  const isPriceSaid = width >= indent + 12 + widthOf(savingWords(row, saving ?? 0) + price);
  const tail: Line = [
    styled(pad(word, 10), role),
    ...(saving === undefined
      ? []
      : [
          gap(2),
          styled(
            plain(savingWords(row, saving), style),
            row.kind === 'promising' ? 'accent' : 'good',
            true,
          ),
          styled(isPriceSaid ? plain(price, style) : '', 'muted'),
        ]),
  ];
  return [
    {
      line: [pointer(isSelected, style), styled(number, 'accent'), ...tail],
      isSelected,
    },
    ...text.map((line) => ({ line: [gap(pointerWidth + indent), styled(line)] })),
  ];
}

/** What only asks for more data takes one line, however much that is: Enter shows all of it. */
function quietLine(
  { message }: Recommendation,
  number: string,
  isSelected: boolean,
  width: number,
  style: RenderStyle,
): PaneLine {
  const words = style.clean(plain(message, style));
  return {
    line: [
      pointer(isSelected, style),
      styled(number, 'accent'),
      styled(cutEnd(words, Math.max(1, width - number.length), style.glyphs.ellipsis), 'muted'),
    ],
    isSelected,
  };
}
