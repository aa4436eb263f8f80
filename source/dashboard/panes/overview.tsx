import { Box } from 'ink';
import type { ReactNode } from 'react';
import { overviewLayout, type OverviewPane } from '../layout/screen.ts';
import { ColumnPicker } from './column-picker.tsx';
import type { PaneInput } from './common.ts';
import { CostPane } from './cost-bars.tsx';
import { LeadersPane } from './leaders.tsx';
import { RankingsPane } from './rankings.tsx';
import { RecommendationsPane } from './recommendations.tsx';

const panes = {
  rankings: RankingsPane,
  leaders: LeadersPane,
  cost: CostPane,
  recommendations: RecommendationsPane,
} satisfies Record<OverviewPane, (input: PaneInput) => ReactNode>;

/** What was learned, at a glance: as many of the four panes as there is room for. */
export function Overview({ state, style, area }: PaneInput): ReactNode {
  return (
    <Box flexDirection="column" width={area.width} height={area.height}>
      {overviewLayout(area.width, area.height, state.pane).map((row) => (
        <Box key={row[0]?.pane}>
          {row.map(({ pane, area }) => {
            const isPicking = pane === 'rankings' && state.pickerIndex !== undefined;
            const View = isPicking ? ColumnPicker : panes[pane];
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
