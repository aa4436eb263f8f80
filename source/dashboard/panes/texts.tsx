import type { ReactNode } from 'react';
import { formatCount } from '../format/index.ts';
import { selectedTask } from '../state/lists.ts';
import { isMatch, openTexts, type TextRow, type TextsView } from '../state/task-texts.ts';
import { cutMiddle } from '../text/width.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { plain } from '../theme/signs.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import type { PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane } from './pane.tsx';

/** What models wrote for the task of the run: answers, critiques, judgements, in a pager. */
export function TextsView(input: PaneInput): ReactNode {
  const { state, style, area } = input;
  const texts = openTexts(state);
  if (texts === undefined) return undefined;
  const { view, rows } = texts;
  const height = innerHeight(area);
  const shown = rows.slice(view.top, view.top + height);
  const name = cutMiddle(
    style.clean(selectedTask(state)?.id ?? ''),
    Math.max(1, innerWidth(area) - 24),
    style.glyphs.ellipsis,
  );
  const share = rows.length <= height ? 1 : (view.top + height) / rows.length;
  return (
    <Pane
      title={[styled('WRITTEN', 'title', true), styled(`  ${name}`, 'accent')]}
      note={[
        ...(view.search === '' ? [] : [styled(placesOf(rows, view), 'warn'), gap(2)]),
        styled(`${Math.min(100, Math.round(100 * share))}%`, 'muted'),
      ]}
      area={area}
      style={style}
      isFocused
      more={{ hasAbove: view.top > 0, hasBelow: view.top + height < rows.length }}
      lines={
        rows.length === 0
          ? [{ line: [gap(1), styled('Reading what was written.', 'muted')] }]
          : shown.map((row, index) => ({ line: rowLine(row, view, view.top + index, style) }))
      }
    />
  );
}

/** Which of the places that have what is searched for is reached: `3 of 12`. */
function placesOf(rows: readonly TextRow[], { search, match }: TextsView): string {
  const places = rows.flatMap((row, index) => (isMatch(row, search) ? [index] : []));
  const at = match === undefined ? -1 : places.indexOf(match);
  return at < 0
    ? formatCount(places.length)
    : `${formatCount(at + 1)} of ${formatCount(places.length)}`;
}

function rowLine(row: TextRow, view: TextsView, index: number, style: RenderStyle): Line {
  const text = style.clean(plain(row.text, style));
  const isFound = isMatch(row, view.search);
  const role = isFound ? (index === view.match ? 'accent' : 'warn') : row.role;
  return [gap(1), styled(text, role, row.isHeading === true || isFound)];
}
