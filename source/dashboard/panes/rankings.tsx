import type { ReactNode } from 'react';
import { sliceAround } from '../layout/scroll.ts';
import { selectedIndex, visibleRankings } from '../state/lists.ts';
import type { AppState } from '../state/state.ts';
import { gap, span, type Line } from '../theme/span.ts';
import type { Look } from '../theme/look.ts';
import { confidenceLegend, pointerWidth, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, Pane, type PaneLine } from './pane.tsx';
import { rankingsTable } from './rankings-table.ts';

/** Models by value: what was learned, at a glance. */
export function RankingsPane({ state, look, area, isFocused }: PaneInput): ReactNode {
  const rows = visibleRankings(state, 'rankings');
  const selected = selectedIndex(
    state,
    'rankings',
    rows.map(({ model }) => model),
  );
  const width = innerWidth(area);
  const height = innerHeight(area);
  const hasLegend = height >= 8;
  const slice = sliceAround(rows.length, selected, height - 1 - (hasLegend ? 2 : 0));
  const table = rankingsTable(state, look, rows, width);
  const listed: PaneLine[] = rows.slice(slice.from, slice.to).map((row, index) => {
    const isSelected = isFocused === true && slice.from + index === selected;
    return { line: table.line(row, isSelected), isSelected };
  });
  const blank = height - 1 - listed.length - (hasLegend ? 1 : 0);
  const legend: PaneLine[] = hasLegend
    ? [
        ...Array.from({ length: Math.max(0, blank) }, () => ({ line: [] })),
        { line: legendLine(look, width) },
      ]
    : [];
  return (
    <Pane
      title={[span('MODEL RANKINGS', 'title', true), ...filterNote(state, rows.length)]}
      note={[span('value = quality per $, per 1,000 calls', 'muted')]}
      area={area}
      look={look}
      isFocused={isFocused === true}
      more={slice}
      lines={[
        { line: table.head },
        ...(listed.length === 0 ? [nothingLine(state)] : listed),
        ...legend,
      ]}
    />
  );
}

function legendLine(look: Look, width: number): Line {
  return confidenceLegend(look, width);
}

/** How many rows a filter leaves of how many. */
export function filterNote(state: AppState, shown: number): Line {
  return state.filter === ''
    ? []
    : [span(` ${shown} of ${state.insight?.rankings.length ?? 0}`, 'muted')];
}

/** Stands in a list without rows. */
export function nothingLine(state: AppState): PaneLine {
  const text = state.filter === '' ? 'nothing in this window' : 'nothing matches the filter';
  return { line: [gap(pointerWidth), span(text, 'muted')] };
}
