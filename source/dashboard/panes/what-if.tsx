import type { ReactNode } from 'react';
import { taskTypeLabel } from '../../domain/task-type.ts';
import {
  formatDifference,
  formatMoneyIn,
  formatPlural,
  formatScore,
  moneyDecimals,
  paceOf,
} from '../format/index.ts';
import type { AppState, WhatIf } from '../state/state.ts';
import type { RenderStyle } from '../theme/render-style.ts';
import { gap, styled, type Line } from '../theme/text-span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { TextPane } from './text-pane.tsx';

/** Lines that the what-if takes of a body: one for each change, but hardly more than a third. */
export function whatIfHeight({ changes }: WhatIf, bodyHeight: number): number {
  return Math.min(4 + changes.length, Math.max(4, Math.floor(bodyHeight / 3)));
}

/** Another quality tolerance: which routes it would change, and what a month would cost. */
export function WhatIfPane({
  state,
  whatIf,
  style,
  area,
}: PaneInput & { state: AppState; whatIf: WhatIf }): ReactNode {
  return (
    <TextPane
      title={[
        styled('WHAT IF', 'warn', true),
        styled(`  ${basisOf(state, whatIf, area.width - titleRoom)}`, 'muted'),
      ]}
      note={[styled(keysNote, 'muted')]}
      area={area}
      style={style}
      lines={[...summaryLines(whatIf, style), ...changeLines(whatIf, style)].map((line) => ({
        line,
      }))}
    />
  );
}

const keysNote = '+ -   Esc ends';
/** Columns of a title's line that are not what the numbers rest on. */
const titleRoom = 'WHAT IF  '.length + keysNote.length + 8;

/** What the numbers rest on, in the fullest words that there is room for. */
function basisOf({ insight }: AppState, { isAssumed }: WhatIf, room: number): string {
  const pace = insight === undefined ? '' : paceOf(insight);
  const month = pace === '' ? '' : `a month at the ${pace}`;
  if (!isAssumed) return month;
  const wordings = [
    `as if these models were set up here, ${month}`,
    `as if set up here, ${month}`,
    `as if set up here, ${pace}`,
  ];
  return wordings.find((words) => words.length <= room) ?? 'as if these models were set up';
}

function summaryLines(whatIf: WhatIf, style: RenderStyle): Line[] {
  const { tolerance, inForce, changes, monthPaidUsd, monthBeforeUsd, monthAfterUsd } = whatIf;
  const arrow = plain('→', style);
  const decimals = moneyDecimals([monthPaidUsd, monthBeforeUsd, monthAfterUsd]);
  const inMonth = (usd: number): string => formatMoneyIn(usd, decimals);
  const shown = (usd: number): number => Number(usd.toFixed(decimals));
  // Of the two amounts as they stand beside it.
  const change = shown(monthAfterUsd) - shown(monthBeforeUsd);
  const sign = change > 0 ? '+' : '';
  const quality = formatDifference(whatIf.qualityChange, 3);
  return [
    [
      gap(1),
      styled('tolerance ', 'muted'),
      styled(`${formatScore(inForce)} ${arrow} ${formatScore(tolerance)}`, 'title', true),
      gap(2),
      styled(
        changes.length === 0
          ? 'no route changes'
          : formatPlural(changes.length, 'route changes', 'routes change'),
      ),
      styled(`   paid: ${inMonth(monthPaidUsd)} a month`, 'muted'),
    ],
    [
      gap(1),
      // Advice moves the tasks of one model; this moves all of a type.
      styled('every task by its route: ', 'muted'),
      styled(`${inMonth(monthBeforeUsd)} ${arrow} ${inMonth(monthAfterUsd)}`, 'title', true),
      ...(change === 0
        ? []
        : [styled(plain(` (${sign}${inMonth(change)})`, style), change < 0 ? 'good' : 'warn')]),
      styled(' a month', 'muted'),
      ...(changes.length === 0 ? [] : [styled(plain(`   quality ${quality}`, style))]),
    ],
  ];
}

const changeLines = ({ changes }: WhatIf, style: RenderStyle): Line[] =>
  changes.map(({ taskType, before, after }) => [
    gap(3),
    styled(`${style.clean(taskTypeLabel(taskType))}  `, 'muted'),
    styled(style.clean(before ?? 'no model')),
    styled(plain('  →  ', style), 'muted'),
    styled(style.clean(after ?? 'no model'), 'accent'),
  ]);
