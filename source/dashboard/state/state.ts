import type { EventRow, Insight, InsightReading, ModelDetail } from '../../domain/insight.ts';
import type { MoneyLimits } from '../../domain/month-spend.ts';
import type { DecisiveOutcome, JudgeAgreement } from '../../domain/outcome.ts';
import type { RoutingDecision } from '../../domain/routing-decision.ts';
import type { RunOverview, RunReport } from '../../domain/run-report.ts';
import type { RunState } from '../../domain/run-state.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { ThemeName } from '../theme/palette.ts';
import type { OverviewPane } from '../layout/screen.ts';
import type { Sort } from '../tables/table.ts';
import type { SpendDimension } from '../tables/spend-rows.ts';
import { defaultColumns, type RankingColumn } from './columns.ts';

export const tabs = ['overview', 'routes', 'cost', 'recommendations', 'runs'] as const;
export type Tab = (typeof tabs)[number];

/** The windows that `[` and `]` step through, in days. */
export const windowSteps = [1, 7, 30, 90, 365] as const;

export const seriesNames = ['quality', 'value', 'cost', 'latency', 'success'] as const;
export type SeriesName = (typeof seriesNames)[number];

/** A view that was pushed on top of a tab; Esc pops the last one. */
export type View =
  /** A model, and whether keys move in what it did or in why it is routed as it is. */
  | { kind: 'model'; model: string; series: SeriesName; part: 'tasks' | 'why' }
  | { kind: 'event'; eventId: number }
  /** `days`: the window that it was opened in. */
  | { kind: 'evidence'; recommendation: string; days: number }
  /** The models of a task type and why the work goes where it does, or what was done: where keys move. */
  | { kind: 'route'; taskType: TaskType; filterAbove: string; part: 'models' | 'tasks' }
  | { kind: 'learning' }
  /** Who judged. */
  | { kind: 'judges' }
  /** A run, with the filter and the selected task that were in force above it. */
  | { kind: 'run'; projectId: string; filterAbove: string; tasksAbove?: Selection }
  /** The selected task of the run, alone. */
  | { kind: 'task' }
  /** Two models or two runs side by side, and the side that Enter opens. */
  | { kind: 'compare'; what: 'models' | 'runs'; ids: readonly [string, string]; side: 0 | 1 }
  /** What models wrote for that task: the line at the top, and what is searched for or being typed. */
  | { kind: 'texts'; top: number; search: string; isTyping: boolean; match?: number };

/** Every list with a selection. */
export const listNames = [
  'rankings',
  'leaders',
  'cost',
  'recommendations',
  'routes',
  'candidates',
  'route-tasks',
  'runs',
  'events',
  'why',
  'tasks',
  'comparison',
  'spend',
  'judges',
] as const;
export type ListName = (typeof listNames)[number];

/** Lists whose rows can be marked and compared, and of what they are. */
export const markedIn: Partial<Record<ListName, 'models' | 'runs'>> = {
  rankings: 'models',
  cost: 'models',
  candidates: 'models',
  runs: 'runs',
};

/** Where a list stands: on an item, and on a place should the item disappear. */
export type Selection = { id: string; index: number };

/** What the last reading came to; the last good insight stays beside it. */
export type DataStatus = { status: 'loading' } | DistributiveOmit<InsightReading, 'insight'>;

type DistributiveOmit<Union, Key extends PropertyKey> = Union extends unknown
  ? Omit<Union, Key>
  : never;

/** One task type whose route a tolerance would change. */
export type RouteChange = {
  taskType: TaskType;
  before?: string;
  after?: string;
};

/** What another quality tolerance would do; nothing of it is in force. */
export type WhatIf = {
  tolerance: number;
  /** The tolerance in force. */
  inForce: number;
  changes: RouteChange[];
  /** What routing would choose with the tolerance, by task type. */
  routes: Record<TaskType, string | undefined>;
  /** Dollars a month at the window's volume: as it was paid, as routed now, and with the tolerance. */
  monthPaidUsd: number;
  monthBeforeUsd: number;
  monthAfterUsd: number;
  /** None of the models is set up here: asked as if all of them were. */
  isAssumed: boolean;
  /** What the mean quality of an attempt would change by, as routing expects it. */
  qualityChange: number;
};

/** The model whose view is open, with why it is routed as it is. */
export type OpenModel = {
  detail: ModelDetail;
  decisions: Record<TaskType, RoutingDecision>;
};

export type AppState = {
  size: { columns: number; rows: number };
  tab: Tab;
  viewStack: readonly View[];
  pane: OverviewPane;
  selections: Partial<Record<ListName, Selection>>;
  sorts: Partial<Record<ListName, Sort>>;
  /** The columns of the rankings that are shown where there is room, in the table's order. */
  columns: readonly RankingColumn[];
  /** The selected row of the column picker while it is open. */
  pickerIndex?: number;
  /** Text that rows must contain, and whether it is being typed. */
  filter: string;
  isFiltering: boolean;
  /** Lists that show only what came to nothing. */
  onlyFailed: Partial<Record<'runs' | 'tasks', true>>;
  days: number;
  /** The window until another is chosen. */
  defaultDays: number;
  isPaused: boolean;
  /** The selected line of the help while it is open. */
  helpIndex?: number;
  /** What was typed into the palette while it is open, and which of its lines is selected. */
  palette?: { typed: string; index: number };
  theme: ThemeName;
  /** By the user, now or earlier: what the terminal says of its background does not count then. */
  isThemeChosen: boolean;
  data: DataStatus;
  insight?: Insight;
  /** When the insight was read, and what time it was at the last beat; Unix seconds. */
  readAt?: number;
  now: number;
  openModel?: OpenModel;
  /** In progress on this machine. */
  runs: readonly RunState[];
  /** All that have a journal on this machine, as they were listed last. */
  pastRuns: readonly RunOverview[];
  /** Whether they were listed at all. */
  hasListedRuns: boolean;
  /** The run whose view is open; stays when it is over and no longer among those in progress. */
  openRun?: RunState;
  /** The same with what models wrote, once it was asked for. */
  openReport?: RunReport;
  /** Those that are compared, once their journals were read. */
  comparedRuns: readonly RunState[];
  /** What was marked to be compared: no more than two of each. */
  marks: Record<'models' | 'runs', readonly string[]>;
  /** A verdict on a task that waits for its key once more, or that was recorded and can be taken back. */
  verdict?: { taskId: string; value: 0 | 1; isRecorded: boolean };
  /** What was found of the results of a run, by task, once it was read: of the one that is open, or was. */
  found?: { projectId: string; byTask: ReadonlyMap<string, DecisiveOutcome> };
  /** Who would get the next task of a type without exploration, where routing has said so. */
  chosen: Readonly<Record<TaskType, string>>;
  /** Task types of which routing is offered none of the models that did them. */
  notOffered: readonly TaskType[];
  /** What routing says of the task type whose route is open. */
  routeDecision?: RoutingDecision;
  /** The last tasks of a type, once they were read: those of the route that is open, or was. */
  lastTasks?: { taskType: TaskType; rows: readonly EventRow[] };
  whatIf?: WhatIf;
  /** What the spend of the Cost tab is told by. */
  spendBy: SpendDimension;
  /** What the configuration says of money, once it was read. */
  moneyLimits: MoneyLimits;
  /** How far judges agree with outcomes, once it was asked for. */
  agreements: readonly JudgeAgreement[];
  /** Where the text of the open view stands, and how many of its lines there is no room for; absent: for all. */
  scroll?: { top: number; most: number };
  /** One sentence in place of the keys, until the next key. */
  message?: string;
  simulated: boolean;
  /** Where the data comes from, for the states without any. */
  path: string;
};

export function initialState(options: {
  size: AppState['size'];
  days: number;
  defaultDays?: number;
  theme: ThemeName;
  isThemeChosen?: boolean;
  simulated: boolean;
  path: string;
  now: number;
  tab?: Tab;
  sorts?: AppState['sorts'];
  /** The id of a run whose view is open from the start, above the Runs tab. */
  run?: string;
  columns?: AppState['columns'];
}): AppState {
  return {
    size: options.size,
    tab: options.run === undefined ? (options.tab ?? 'overview') : 'runs',
    viewStack:
      options.run === undefined ? [] : [{ kind: 'run', projectId: options.run, filterAbove: '' }],
    pane: 'rankings',
    selections: {},
    sorts: options.sorts ?? {},
    columns: options.columns ?? defaultColumns,
    filter: '',
    isFiltering: false,
    onlyFailed: {},
    days: options.days,
    defaultDays: options.defaultDays ?? options.days,
    isPaused: false,
    theme: options.theme,
    isThemeChosen: options.isThemeChosen ?? false,
    data: { status: 'loading' },
    now: options.now,
    runs: [],
    pastRuns: [],
    hasListedRuns: false,
    comparedRuns: [],
    marks: { models: [], runs: [] },
    chosen: {},
    notOffered: [],
    spendBy: 'model',
    moneyLimits: {},
    agreements: [],
    simulated: options.simulated,
    path: options.path,
  };
}

export const topView = (state: AppState): View | undefined => state.viewStack.at(-1);

/** The model whose view is open, if one is. */
export function openModelName(state: AppState): string | undefined {
  return state.viewStack.findLast((view) => view.kind === 'model')?.model;
}

/** The task type whose route is open, if one is. */
export function openTaskType(state: AppState): TaskType | undefined {
  return state.viewStack.findLast((view) => view.kind === 'route')?.taskType;
}

/** What was found of the results of the open run, by task. */
export const foundInRun = ({
  openRun,
  found,
}: AppState): NonNullable<AppState['found']>['byTask'] =>
  found !== undefined && found.projectId === openRun?.projectId ? found.byTask : nothingFound;

const nothingFound: NonNullable<AppState['found']>['byTask'] = new Map();

/** The run whose view is open, if one is: its id, for it may not have been read yet. */
export function openRunView(state: AppState): Extract<View, { kind: 'run' }> | undefined {
  return state.viewStack.findLast((view) => view.kind === 'run');
}
