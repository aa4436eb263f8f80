import { Box } from 'ink';
import type { ReactNode } from 'react';
import { selectedIndex, recommendationId, visibleRecommendations } from '../state/lists.ts';
import type { PaneInput } from './common.ts';
import { EvidencePane } from './evidence.tsx';
import { RecommendationsPane } from './recommendations.tsx';

/** What to change; where there is room, the evidence of the selected advice beside it. */
export function RecommendationsTab({ state, style, area }: PaneInput): ReactNode {
  const rows = visibleRecommendations(state);
  const chosen = rows[selectedIndex(state, 'recommendations', rows.map(recommendationId))];
  if (area.width < 110 || chosen === undefined) {
    return <RecommendationsPane state={state} style={style} area={area} isFocused />;
  }
  const left = Math.floor(area.width * 0.52);
  return (
    <Box>
      <RecommendationsPane
        state={state}
        style={style}
        area={{ width: left, height: area.height }}
        isFocused
      />
      <EvidencePane
        state={state}
        recommendation={chosen}
        style={style}
        area={{ width: area.width - left, height: area.height }}
      />
    </Box>
  );
}
