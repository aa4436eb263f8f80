import { Box, Text, useApp } from 'ink';
import { useEffect, useLayoutEffect, useSyncExternalStore, type ReactNode } from 'react';
import {
  bodyHeight,
  isTooSmall,
  smallest,
  type Area,
  overviewLayout,
  type PaneRows,
  type PlacedPane,
  roomy,
  type ShownPane,
} from './layout/screen.ts';
import { Footer } from './panes/footer.tsx';
import { bannerLine, Header } from './panes/header.tsx';
import { HelpPane } from './panes/help.tsx';
import { PalettePane } from './panes/palette.tsx';
import type { PaneInput } from './panes/common.ts';
import { TabBar } from './panes/tab-bar.tsx';
import { type AppState, topView, type View, type Tab } from './state/state.ts';
import type { Store } from './update/update.ts';
import { cutEnd } from './text/width.ts';
import type { RenderStyle } from './theme/render-style.ts';
import { fitLine, paint, type Line } from './theme/text-span.ts';
import { CompareView } from './panes/comparison.tsx';
import { CostTab } from './panes/cost-tab.tsx';
import { EventView } from './panes/events.tsx';
import { EvidenceView } from './panes/evidence.tsx';
import { JudgesView } from './panes/judges.tsx';
import { LearningView } from './panes/learning.tsx';
import { ModelView } from './panes/model-view.tsx';
import { OpenRunView } from './panes/run.tsx';
import { RouteView } from './panes/route.tsx';
import { RoutesTab } from './panes/routes.tsx';
import { RunsTab } from './panes/runs.tsx';
import { TaskView } from './panes/task.tsx';
import { TextsView } from './panes/texts.tsx';
import { NoData } from './panes/no-data.tsx';
import { RecommendationsTab } from './panes/recommendations-tab.tsx';
import { visibleLeaders, visibleRankings } from './state/lists.ts';
import { ColumnPicker } from './panes/column-picker.tsx';
import { CostBars, CostPane } from './panes/cost-bars.tsx';
import { LeadersPane } from './panes/leaders.tsx';
import { RankingsPane } from './panes/rankings.tsx';
import { RecommendationsPane } from './panes/recommendations.tsx';
import { isJudged, ScatterPane } from './panes/scatter.tsx';
import { SpendByDay } from './panes/spend-by-day.tsx';

const panes = {
  rankings: RankingsPane,
  leaders: LeadersPane,
  cost: CostPane,
  recommendations: RecommendationsPane,
  spend: SpendByDay,
  bars: CostBars,
} satisfies Record<ShownPane, (input: PaneInput) => ReactNode>;

/** What was learned, at a glance: as many of the four panes as there is room for. */
export function Overview({ state, style, area }: PaneInput): ReactNode {
  const rankings = visibleRankings(state, 'rankings');
  const isRoomy = state.size.columns >= roomy.columns && state.size.rows >= roomy.rows;
  const longest = Math.max(rankings.length, visibleLeaders(state).length);
  const hasPoints = rankings.some((row) => isJudged(row));
  const rows = overviewLayout(area.width, area.height, state.pane, longest, hasPoints);
  const shown = ({ pane, area }: PlacedPane): ReactNode => {
    const isPicking = pane === 'rankings' && state.pickerIndex !== undefined;
    const isScatter = pane === 'cost' && area.width < state.size.columns && isRoomy;
    const View = isPicking ? ColumnPicker : isScatter ? ScatterPane : panes[pane];
    return <View key={pane} {...{ state, style, area }} isFocused={pane === state.pane} />;
  };
  return (
    <Box flexDirection="column" width={area.width} height={area.height}>
      {rows.map((row) => (
        <Box key={keyOf(row[0])}>
          {row.map((one) =>
            Array.isArray(one) ? (
              <Box key="rows" flexDirection="column">
                {one.map((inner) => (
                  <Box key={inner[0]?.pane}>{inner.map((pane) => shown(pane))}</Box>
                ))}
              </Box>
            ) : (
              shown(one)
            ),
          )}
        </Box>
      ))}
    </Box>
  );
}

/** By its first pane. */
const keyOf = (first: PlacedPane | PaneRows | undefined): string | undefined =>
  Array.isArray(first) ? first[0]?.[0]?.pane : first?.pane;

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

export type AppControls = ReturnType<typeof useApp>;

/** The whole program as a component: the store onto the screen. */
export function App({
  store,
  subscribe,
  styleFor,
  onReady,
  onUnmount,
}: {
  store: Store;
  /** Hears of what the screen is to show: not while the terminal takes nothing. */
  subscribe: Store['subscribe'];
  styleFor: (state: AppState) => RenderStyle;
  /** Hands out what only Ink can do: leave, suspend. */
  onReady: (controls: AppControls) => void;
  /** Called before the terminal is left, however that comes about: by a signal and a crash too. */
  onUnmount: () => void;
}): ReactNode {
  const controls = useApp();
  const state = useSyncExternalStore(subscribe, store.get);
  useLayoutEffect(() => onUnmount, [onUnmount]);
  useEffect(() => {
    onReady(controls);
  }, [onReady, controls]);
  return <Screen state={state} style={styleFor(state)} />;
}

/**
 * The state as a frame of exactly the terminal's size. Every pane fills its area to the column, so
 * that nothing needs to be clipped, which would take Ink a third of a frame's time.
 */
export function Screen({ state, style }: { state: AppState; style: RenderStyle }): ReactNode {
  const { columns, rows } = state.size;
  if (isTooSmall(state.size)) return <TooSmall state={state} />;
  const banner = bannerLine(state, style);
  const area: Area = { width: columns, height: bodyHeight(state.size, banner !== undefined) };
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header state={state} style={style} />
      <TabBar state={state} style={style} />
      {banner === undefined ? undefined : <Banner line={banner} width={columns} style={style} />}
      <Box height={area.height} width={area.width}>
        <Shown state={state} style={style} area={area} />
      </Box>
      <Footer state={state} style={style} />
    </Box>
  );
}

/** What lies over the body while it is open, or the body. */
function Shown(input: PaneInput): ReactNode {
  if (input.state.palette !== undefined) return <PalettePane {...input} />;
  return input.state.helpIndex === undefined ? <Body {...input} /> : <HelpPane {...input} />;
}

function Banner({
  line,
  width,
  style,
}: {
  line: Line;
  width: number;
  style: RenderStyle;
}): ReactNode {
  return <Text wrap="truncate">{paint(fitLine(line, width, style.glyphs.ellipsis), style)}</Text>;
}

function TooSmall({ state: { size } }: { state: AppState }): ReactNode {
  const text = `Too small: ${smallest.columns}x${smallest.rows} needed, q quits`;
  return (
    <Box width={size.columns} height={size.rows}>
      <Text wrap="truncate">{cutEnd(text, size.columns, '')}</Text>
    </Box>
  );
}
