import { Box } from 'ink';
import type { ReactNode } from 'react';
import { overviewLayout, roomy, type ShownPane } from '../layout/screen.ts';
import { visibleLeaders, visibleRankings } from '../state/lists.ts';
import { ColumnPicker } from './column-picker.tsx';
import type { PaneInput } from './common.ts';
import { CostPane } from './cost-bars.tsx';
import { LeadersPane } from './leaders.tsx';
import { RankingsPane } from './rankings.tsx';
import { RecommendationsPane } from './recommendations.tsx';
import { ScatterPane } from './scatter.tsx';
import { SpendByDay } from './spend-by-day.tsx';

const panes = {
  rankings: RankingsPane,
  leaders: LeadersPane,
  cost: CostPane,
  recommendations: RecommendationsPane,
  spend: SpendByDay,
} satisfies Record<ShownPane, (input: PaneInput) => ReactNode>;

/** What was learned, at a glance: as many of the four panes as there is room for. */
export function Overview({ state, style, area }: PaneInput): ReactNode {
  const isRoomy = state.size.columns >= roomy.columns && state.size.rows >= roomy.rows;
  const longest = Math.max(visibleRankings(state, 'rankings').length, visibleLeaders(state).length);
  return (
    <Box flexDirection="column" width={area.width} height={area.height}>
      {overviewLayout(area.width, area.height, state.pane, longest).map((row) => (
        <Box key={row[0]?.pane}>
          {row.map(({ pane, area }) => {
            const isPicking = pane === 'rankings' && state.pickerIndex !== undefined;
            const isScatter = pane === 'cost' && area.width < state.size.columns && isRoomy;
            const View = isPicking ? ColumnPicker : isScatter ? ScatterPane : panes[pane];
            return (
              <View
                key={pane}
                state={state}
                style={style}
                area={area}
                isFocused={pane === state.pane}
              />
            );
          })}
        </Box>
      ))}
    </Box>
  );
}
