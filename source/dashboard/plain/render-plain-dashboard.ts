import type { Insight } from '../../domain/insight.ts';
import { formatLeftOut, formatMoney, formatPlural, formatQuality } from '../format/index.ts';
import { byTaskSection } from './by-task-section.ts';
import { costSection } from './cost-section.ts';
import { leadersSection } from './leaders-section.ts';
import { penFor, type Pen } from './page.ts';
import { rankingsSection } from './rankings-section.ts';
import { recommendationsSection } from './recommendations-section.ts';

export type PlainView = 'overview' | 'by-task' | 'cost';

export type PlainOptions = {
  view?: PlainView;
  /** Marks everything as the simulator's. */
  simulated?: boolean;
  /** Writes ASCII characters alone. */
  ascii?: boolean;
};

/** The dashboard as text for pipes and files: no colour, no width of a terminal. */
export function renderPlainDashboard(insight: Insight, options: PlainOptions = {}): string {
  const pen = penFor(options.ascii ?? false);
  const sections = sectionsOf(insight, options.view ?? 'overview', pen);
  const body = sections.flatMap((section) => [...section, '', pen.rule, '']);
  const leftOut = formatLeftOut(insight.leftOut);
  const note = leftOut === undefined ? [] : [` ! ${leftOut}`, pen.rule];
  const head = [pen.rule, header(insight, options.simulated ?? false, pen), pen.rule, ...note];
  return [...head, '', ...body]
    .slice(0, -1)
    .map((line) => `${line}\n`)
    .join('');
}

function sectionsOf(insight: Insight, view: PlainView, pen: Pen): string[][] {
  if (view === 'by-task') return [byTaskSection(insight, pen)];
  if (view === 'cost') return [costSection(insight, pen)];
  return [
    rankingsSection(insight, pen),
    leadersSection(insight, pen),
    recommendationsSection(insight, pen),
  ];
}

function header({ summary, window }: Insight, simulated: boolean, { glyphs }: Pen): string {
  const parts = [
    ...(simulated ? ['SIMULATED'] : []),
    formatPlural(summary.runs, 'run'),
    `${formatMoney(summary.totalCostUsd)} total`,
    `avg quality ${formatQuality(summary.averageQuality)}`,
    `last ${formatPlural(window.days, 'day')}`,
  ];
  return ` ${parts.join(`  ${glyphs.separator}  `)}`;
}
