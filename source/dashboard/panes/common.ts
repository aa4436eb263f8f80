import type { Confidence } from '../../domain/confidence.ts';
import type { Area } from '../layout/screen.ts';
import type { AppState, Sort } from '../state/state.ts';
import { trendDirection, formatTrendPercent } from '../format/trend.ts';
import type { Look } from '../theme/look.ts';
import type { Role } from '../theme/palette.ts';
import { fitLine, gap, span, widthOfLine, type Line, type Span } from '../theme/span.ts';

/** What every pane is given. */
export type PaneInput = { state: AppState; look: Look; area: Area; isFocused?: boolean };

/** Columns before a row: whether it is selected. */
export const pointerWidth = 2;

export const pointer = (isSelected: boolean, look: Look): Span =>
  isSelected ? span(`${look.glyphs.pointer} `, 'accent') : span('  ');

const confidenceRoles: Record<Confidence, Role> = { HOT: 'good', WARM: 'warn', COLD: 'muted' };

export const confidenceMark = (confidence: Confidence, look: Look): Span =>
  span(look.glyphs.confidence[confidence], confidenceRoles[confidence]);

export const confidenceSpan = (confidence: Confidence): Span =>
  span(confidence, confidenceRoles[confidence]);

const trendRoles = { up: 'good', down: 'bad', flat: 'muted', none: 'muted' } as const;

/** `▲ +8%`, the number right-aligned so that arrows stand in one column. */
export function trendSpan(percent: number | null, look: Look): Span {
  const direction = trendDirection(percent);
  const text = `${look.glyphs.trend[direction]}${formatTrendPercent(percent).padStart(5)}`;
  return span(text, trendRoles[direction]);
}

/** A column's title with the arrow of the sort, in room that is there without it too. */
export function sortTitle(title: string, name: string, sort: Sort | undefined, look: Look): string {
  if (sort?.column !== name) return title;
  return title + (sort.descending ? look.glyphs.sortDescending : look.glyphs.sortAscending);
}

/** What the three marks mean, in the width there is. */
export function confidenceLegend(look: Look, width: number): Line {
  const marks: [Confidence, string, string][] = [
    ['HOT', 'HOT ≥50 calls', 'HOT'],
    ['WARM', 'WARM 10–49', 'WARM'],
    ['COLD', 'COLD <10', 'COLD'],
  ];
  const long = width >= 48;
  return marks.flatMap(([confidence, full, short], index) => [
    span(index === 0 ? '  ' : '   '),
    confidenceMark(confidence, look),
    span(` ${plain(long ? full : short, look)}`, 'muted'),
  ]);
}

/** Facts side by side, as many as fit whole, in exactly `width` columns; the first at any rate. */
export function factsLine(facts: readonly Line[], width: number, look: Look): Line {
  const shown: Line[] = [];
  let used = 0;
  for (const [index, fact] of facts.entries()) {
    const before = index === 0 ? 1 : 3;
    used += before + widthOfLine(fact);
    if (index > 0 && used > width) break;
    shown.push([gap(before), ...fact]);
  }
  return fitLine(shown.flat(), width, look.glyphs.ellipsis);
}

/** Our own typographic signs for terminals that only know ASCII. */
export function plain(text: string, look: Look): string {
  if (!look.ascii) return text;
  return text
    .replaceAll('≥', '>=')
    .replaceAll('≤', '<=')
    .replaceAll('±', '+/-')
    .replaceAll(/[–−—]/g, '-')
    .replaceAll('×', 'x')
    .replaceAll('…', '...')
    .replaceAll('’', "'")
    .replaceAll('·', '.')
    .replaceAll('→', '->');
}
