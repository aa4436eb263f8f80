import type { ReactNode } from 'react';
import { taskTypeLabel } from '../../domain/task-type.ts';
import { formatMoney, formatPlural, formatScore } from '../format/index.ts';
import type { AppState, WhatIf } from '../state/state.ts';
import type { Look } from '../theme/look.ts';
import { gap, span, type Line } from '../theme/span.ts';
import { plain } from '../theme/signs.ts';
import type { PaneInput } from './common.ts';
import { Pane } from './pane.tsx';

/** Lines that the what-if takes of a body: one for each change, but never more than a third. */
export function whatIfHeight({ changes }: WhatIf, bodyHeight: number): number {
  return Math.min(3 + changes.length, Math.max(3, Math.floor(bodyHeight / 3)));
}

/** Another quality tolerance: which routes it would change, and what a month would cost. */
export function WhatIfPane({
  whatIf,
  look,
  area,
}: PaneInput & { state: AppState; whatIf: WhatIf }): ReactNode {
  return (
    <Pane
      title={[span('WHAT IF', 'warn', true), span('  nothing is written', 'muted')]}
      note={[span('+ - tolerance   Esc ends', 'muted')]}
      area={area}
      look={look}
      lines={[summaryLine(whatIf, look), ...changeLines(whatIf, look)].map((line) => ({ line }))}
    />
  );
}

function summaryLine(whatIf: WhatIf, look: Look): Line {
  const { tolerance, inForce, changes, monthBeforeUsd, monthAfterUsd } = whatIf;
  const change = monthAfterUsd - monthBeforeUsd;
  const sign = change > 0 ? '+' : '';
  const arrow = plain('→', look);
  return [
    gap(1),
    span('tolerance ', 'muted'),
    span(`${formatScore(inForce)} ${arrow} ${formatScore(tolerance)}`, 'title', true),
    gap(3),
    span(
      changes.length === 0
        ? 'no route changes'
        : `${formatPlural(changes.length, 'route')} would change`,
    ),
    gap(3),
    span('a month about ', 'muted'),
    span(`${formatMoney(monthBeforeUsd)} ${arrow} ${formatMoney(monthAfterUsd)}`, 'title', true),
    ...(change === 0
      ? []
      : [span(plain(`  ${sign}${formatMoney(change)}`, look), change < 0 ? 'good' : 'warn')]),
  ];
}

const changeLines = ({ changes }: WhatIf, look: Look): Line[] =>
  changes.map(({ taskType, before, after }) => [
    gap(3),
    span(`${look.clean(taskTypeLabel(taskType))}  `, 'muted'),
    span(look.clean(before ?? 'no model')),
    span(plain('  →  ', look), 'muted'),
    span(look.clean(after ?? 'no model'), 'accent'),
  ]);
