import type { Insight } from '../../domain/insight.ts';
import type { MoneyLimits } from '../../domain/month-spend.ts';
import type { RunState } from '../../domain/run-state.ts';
import { formatLeftOut, formatMoney, formatPlural, formatQuality } from '../format/index.ts';
import type { DataStatus, Tab } from '../state/state.ts';
import { runLines } from './run-lines.ts';
import { dataStatusSentence } from './data-status.ts';
import {
  routeLines,
  costLines,
  leaderLines,
  rankingLines,
  recommendationLines,
} from './view-lines.ts';

/** What a view is made of. */
export type ViewSource = {
  tab: Tab;
  days: number;
  simulated: boolean;
  path: string;
  data: DataStatus;
  insight?: Insight | undefined;
  runs: readonly RunState[];
  moneyLimits?: MoneyLimits;
  /** What is said in place of the tab while it is open: one route. */
  open?: () => string[];
};

/**
 * A view as lines to be read aloud: a line an item, each a sentence that names its numbers, nothing
 * that is only drawn. Names are as they are in the database; whoever writes them cleans them.
 */
export function textOf(source: ViewSource): string[] {
  const { tab, days, simulated, path, data, insight, runs, moneyLimits, open } = source;
  const problem = dataStatusSentence(data, path, insight !== undefined);
  return [
    ...(problem === undefined ? [] : [problem]),
    ...(simulated ? ['SIMULATED: these models are not real.'] : []),
    ...(insight === undefined ? [] : summaryLines(insight, days)),
    ...(tab === 'runs'
      ? runLines(runs)
      : insight === undefined
        ? []
        : (open?.() ?? linesOf[tab](insight, moneyLimits))),
  ];
}

const linesOf: Record<
  Exclude<Tab, 'runs'>,
  (insight: Insight, limits?: MoneyLimits) => string[]
> = {
  overview: (insight) => [
    ...rankingLines(insight),
    ...leaderLines(insight),
    ...recommendationLines(insight),
  ],
  routes: routeLines,
  cost: costLines,
  recommendations: recommendationLines,
};

function summaryLines({ summary, leftOut }: Insight, days: number): string[] {
  const quality =
    summary.averageQuality === null
      ? ''
      : `, average quality ${formatQuality(summary.averageQuality)}`;
  const missing = formatLeftOut(leftOut);
  return [
    `${formatPlural(summary.runs, 'run')}, ${formatMoney(summary.totalCostUsd)} spent${quality}, in the last ${days === 1 ? 'day' : `${days} days`}.`,
    ...(missing === undefined ? [] : [missing]),
  ];
}
