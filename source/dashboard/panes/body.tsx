import type { ReactNode } from 'react';
import { topLevel, type Level, type Tab } from '../state/state.ts';
import { ByTask } from './by-task.tsx';
import type { PaneInput } from './common.ts';
import { CostTab } from './cost-tab.tsx';
import { EventView } from './events.tsx';
import { EvidenceView } from './evidence.tsx';
import { LearningView } from './learning.tsx';
import { LiveTab } from './live.tsx';
import { ModelView } from './model-view.tsx';
import { RunLevelView } from './run.tsx';
import { TaskView } from './task.tsx';
import { NoData } from './no-data.tsx';
import { Overview } from './overview.tsx';
import { RecommendationsTab } from './recommendations-tab.tsx';

type View = (input: PaneInput) => ReactNode;

const tabViews = {
  overview: Overview,
  'by-task': ByTask,
  cost: CostTab,
  recommendations: RecommendationsTab,
  live: LiveTab,
} satisfies Record<Tab, View>;

const levelViews = {
  model: ModelView,
  event: EventView,
  evidence: EvidenceView,
  learning: LearningView,
  run: RunLevelView,
  task: TaskView,
} satisfies Record<Level['kind'], View>;

/** What the open tab, or the deepest open level, shows. */
export function Body(input: PaneInput): ReactNode {
  const { state } = input;
  const level = topLevel(state);
  const View = level === undefined ? tabViews[state.tab] : levelViews[level.kind];
  // Runs show whatever the database says.
  const isRun = level?.kind === 'run' || level?.kind === 'task';
  const needsData = level === undefined ? state.tab !== 'live' : !isRun;
  const hasNothing = state.insight === undefined || state.insight.rankings.length === 0;
  return needsData && hasNothing ? <NoData {...input} /> : <View {...input} />;
}
