import type { Insight } from '../../domain/insight.ts';
import type { MoneyLimits } from '../../domain/month-spend.ts';
import { formatLeftOut, formatMoney, formatPlural, formatQuality } from '../format/index.ts';
import { byTaskSection } from './by-task-section.ts';
import { costSection } from './cost-section.ts';
import { leadersSection } from './leaders-section.ts';
import { textStyleFor, type TextStyle } from '../theme/text-style.ts';
import { rankingsSection } from './rankings-section.ts';
import { recommendationsSection } from './recommendations-section.ts';

export type PlainView = 'overview' | 'by-task' | 'cost';

export type PlainOptions = {
  view?: PlainView;
  /** Marks everything as the simulator's. */
  simulated?: boolean;
  /** Writes ASCII characters alone. */
  ascii?: boolean;
  /** What the configuration says of money. */
  limits?: MoneyLimits;
  /** By task type, why its work goes where it does now. */
  reasons?: Readonly<Record<string, string>>;
};

/** The dashboard as text for pipes and files: no colour, no width of a terminal. */
export function renderPlainDashboard(insight: Insight, options: PlainOptions = {}): string {
  const style = textStyleFor(options.ascii ?? false);
  const sections = sectionsOf(insight, options, style);
  const body = sections.flatMap((section) => [...section, '', style.rule, '']);
  const leftOut = formatLeftOut(insight.leftOut);
  const note = leftOut === undefined ? [] : [` ! ${leftOut}`, style.rule];
  const head = [
    style.rule,
    header(insight, options.simulated ?? false, style),
    style.rule,
    ...note,
  ];
  return [...head, '', ...body]
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('');
}

function sectionsOf(
  insight: Insight,
  { view = 'overview', limits = {}, reasons = {} }: PlainOptions,
  style: TextStyle,
): string[][] {
  if (view === 'by-task') return [byTaskSection(insight, style, reasons)];
  if (view === 'cost') return [costSection(insight, style, limits)];
  return [
    rankingsSection(insight, style),
    leadersSection(insight, style),
    recommendationsSection(insight, style),
  ];
}

function header({ summary, window }: Insight, simulated: boolean, { glyphs }: TextStyle): string {
  const parts = [
    ...(simulated ? ['SIMULATED'] : []),
    formatPlural(summary.runs, 'run'),
    `${formatMoney(summary.totalCostUsd)} total`,
    `avg quality ${formatQuality(summary.averageQuality)}`,
    `last ${formatPlural(window.days, 'day')}`,
  ];
  return ` ${parts.join(`  ${glyphs.separator}  `)}`;
}
