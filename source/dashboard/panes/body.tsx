import type { ReactNode } from 'react';
import { topView, type View, type Tab } from '../state/state.ts';
import type { PaneInput } from './common.ts';
import { CompareView } from './comparison.tsx';
import { CostTab } from './cost-tab.tsx';
import { EventView } from './events.tsx';
import { EvidenceView } from './evidence.tsx';
import { JudgesView } from './judges.tsx';
import { LearningView } from './learning.tsx';
import { ModelView } from './model-view.tsx';
import { OpenRunView } from './run.tsx';
import { RouteView } from './route.tsx';
import { RoutesTab } from './routes.tsx';
import { RunsTab } from './runs.tsx';
import { TaskView } from './task.tsx';
import { TextsView } from './texts.tsx';
import { NoData } from './no-data.tsx';
import { Overview } from './overview.tsx';
import { RecommendationsTab } from './recommendations-tab.tsx';

type Component = (input: PaneInput) => ReactNode;

const tabViews = {
  overview: Overview,
  routes: RoutesTab,
  cost: CostTab,
  recommendations: RecommendationsTab,
  runs: RunsTab,
} satisfies Record<Tab, Component>;

const viewComponents = {
  model: ModelView,
  event: EventView,
  evidence: EvidenceView,
  judges: JudgesView,
  learning: LearningView,
  route: RouteView,
  run: OpenRunView,
  task: TaskView,
  texts: TextsView,
  compare: CompareView,
} satisfies Record<View['kind'], Component>;

/** What the open tab, or the view on top of the stack, shows. */
export function Body(input: PaneInput): ReactNode {
  const { state } = input;
  const view = topView(state);
  const Shown = view === undefined ? tabViews[state.tab] : viewComponents[view.kind];
  // Runs show whatever the database says.
  const isRun =
    view?.kind === 'run' ||
    view?.kind === 'task' ||
    view?.kind === 'texts' ||
    (view?.kind === 'compare' && view.what === 'runs');
  const needsData = view === undefined ? state.tab !== 'runs' : !isRun;
  const hasNothing = state.insight === undefined || state.insight.rankings.length === 0;
  return needsData && hasNothing ? <NoData {...input} /> : <Shown {...input} />;
}
