import type { ReactNode } from 'react';
import type { ModelRanking } from '../../domain/insight.ts';
import { isLive } from '../../domain/run-state.ts';
import type { Merged } from '../layout/table.ts';
import { visibleRankings } from '../state/lists.ts';
import { rankingNames } from '../state/columns.ts';
import type { AppState } from '../state/state.ts';
import type { Columns } from '../tables/column.ts';
import { lackSpan } from '../tables/marks.ts';
import { leading, rankingColumns, rankings, type StandingFacts } from '../tables/rankings.ts';
import { styled, type Line } from '../theme/index.ts';
import { confidenceLegend, type PaneInput } from './common.ts';
import { innerHeight, innerWidth, TablePane } from './pane.tsx';

/** Models by value: what was learned, at a glance. */
export function RankingsPane(input: PaneInput): ReactNode {
  const { state, style, area } = input;
  const rows = visibleRankings(state, 'rankings');
  return (
    <TablePane
      {...input}
      list="rankings"
      columns={chosenColumns(state, rows)}
      facts={{ days: state.days }}
      rows={rows}
      idOf={({ model }) => model}
      title={[styled('MODEL RANKINGS', 'title', true), ...filterNote(state, rows.length)]}
      note={() => [styled('value = quality per $, per 1,000 calls', 'muted')]}
      mergedIn={lackingIn}
      legend={innerHeight(area) >= 8 ? confidenceLegend(style, innerWidth(area)) : undefined}
    />
  );
}

/**
 * The columns of the rankings that are chosen; without a run in progress its own would stand empty, or count
 * the attempts of runs that were killed, and of histories that sum nothing up, as if they were made now.
 */
export function chosenColumns(
  { columns, runs, now, sorts }: AppState,
  rows: readonly ModelRanking[],
): Columns<ModelRanking, StandingFacts> {
  const hasLive =
    runs.some((run) => isLive(run, now)) && rows.some(({ liveCallCount }) => liveCallCount > 0);
  const chosen = columns.filter((name) => name !== 'live' || hasLive);
  // What they are sorted by is shown while they are.
  const added = rankingNames.find((name) => name === sorts.rankings?.column);
  const shown =
    added === undefined || chosen.includes(added)
      ? chosen
      : rankingNames.filter((name) => name === added || chosen.includes(name));
  return { ...leading, ...Object.fromEntries(shown.map((name) => [name, rankingColumns[name]])) };
}

const comparisons = Object.entries(rankings).flatMap(([name, { isComparison }]) =>
  isComparison === true ? [name] : [],
);

/** In less room than the shorter text needs, the mark of confidence says it alone. */
const lacking: Merged = {
  names: comparisons,
  cell: (width) => (width < 12 ? styled('') : lackSpan(width)),
};

/** Calls of a COLD model are too few for the numbers that compare. */
export const lackingIn = ({ confidence }: ModelRanking): Merged | undefined =>
  confidence === 'COLD' ? lacking : undefined;

/** How many rows a filter leaves of how many. */
function filterNote({ filter, insight }: AppState, shown: number): Line {
  return filter === '' ? [] : [styled(` ${shown} of ${insight?.rankings.length ?? 0}`, 'muted')];
}
