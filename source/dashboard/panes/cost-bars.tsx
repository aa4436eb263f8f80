import type { ReactNode } from 'react';
import { visibleRankings } from '../state/lists.ts';
import { costColumns, costFacts } from '../tables/cost.ts';
import { styled } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { TablePane } from './pane.tsx';

/** What a dollar buys: quality per dollar, one bar for each model. */
export function CostPane(input: PaneInput): ReactNode {
  const rows = visibleRankings(input.state, 'cost');
  return (
    <TablePane
      {...input}
      list="cost"
      columns={costColumns}
      facts={costFacts(rows)}
      rows={rows}
      idOf={({ model }) => model}
      title={[styled('COST', 'title', true), styled('  quality per dollar', 'muted')]}
    />
  );
}

/** The same below the points that the keys move in: it follows them, from the first row. */
export function CostBars(input: PaneInput): ReactNode {
  return <CostPane {...input} isFocused={false} />;
}
