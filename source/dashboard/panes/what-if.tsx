import type { ReactNode } from 'react';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatDifference, formatMoney, formatPlural, formatScore } from '../format/index.ts';
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
  whatIf,
  style,
  area,
}: PaneInput & { state: AppState; whatIf: WhatIf }): ReactNode {
  return (
    <TextPane
      title={[
        styled('WHAT IF', 'warn', true),
        styled(
          `  ${whatIf.isAssumed ? 'as if these models were set up here' : 'nothing is written'}`,
          'muted',
        ),
      ]}
      note={[styled('+ - tolerance   Esc ends', 'muted')]}
      area={area}
      style={style}
      lines={[...summaryLines(whatIf, style), ...changeLines(whatIf, style)].map((line) => ({
        line,
      }))}
    />
  );
}

function summaryLines(whatIf: WhatIf, style: RenderStyle): Line[] {
  const { tolerance, inForce, changes, monthPaidUsd, monthBeforeUsd, monthAfterUsd } = whatIf;
  const change = monthAfterUsd - monthBeforeUsd;
  const sign = change > 0 ? '+' : '';
  const arrow = plain('→', style);
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
      styled(`   paid in the window: ${formatMoney(monthPaidUsd)} a month`, 'muted'),
    ],
    [
      gap(1),
      // Advice moves the tasks of one model; this moves all of a type.
      styled('all tasks: a month about ', 'muted'),
      styled(
        `${formatMoney(monthBeforeUsd)} ${arrow} ${formatMoney(monthAfterUsd)}`,
        'title',
        true,
      ),
      ...(change === 0
        ? []
        : [styled(plain(` (${sign}${formatMoney(change)})`, style), change < 0 ? 'good' : 'warn')]),
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
