import type { Confidence } from '../../domain/confidence.ts';
import type { Area } from '../layout/screen.ts';
import type { AppState } from '../state/state.ts';
import { confidenceMark } from '../tables/marks.ts';
import {
  fitLine,
  gap,
  plain,
  styled,
  widthOfLine,
  type Line,
  type RenderStyle,
} from '../theme/index.ts';

/** What every pane is given. */
export type PaneInput = { state: AppState; style: RenderStyle; area: Area; isFocused?: boolean };

/** What the three marks mean, in the width there is. */
export function confidenceLegend(style: RenderStyle, width: number): Line {
  const marks: [Confidence, string, string][] = [
    ['HOT', 'HOT ≥50 calls in 90 days', 'HOT'],
    ['WARM', 'WARM 10–49', 'WARM'],
    ['COLD', 'COLD <10', 'COLD'],
  ];
  const long = width >= 56;
  return marks.flatMap(([confidence, full, short], index) => [
    styled(index === 0 ? '  ' : '   '),
    confidenceMark(confidence, style),
    styled(` ${plain(long ? full : short, style)}`, 'muted'),
  ]);
}

/** Facts side by side, as many as fit whole, in exactly `width` columns; the first at any rate. */
export function factsLine(facts: readonly Line[], width: number, style: RenderStyle): Line {
  const shown: Line[] = [];
  let used = 0;
  for (const [index, fact] of facts.entries()) {
    const before = index === 0 ? 1 : 3;
    used += before + widthOfLine(fact);
    if (index > 0 && used > width) break;
    shown.push([gap(before), ...fact]);
  }
  return fitLine(shown.flat(), width, style.glyphs.ellipsis);
}
