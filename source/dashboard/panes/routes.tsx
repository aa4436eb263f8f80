import { Box } from 'ink';
import type { ReactNode } from 'react';
import { formatMoney, formatPart, roleRows } from '../format/index.ts';
import { visibleRoutes } from '../state/route-lists.ts';
import { routes } from '../tables/routes.ts';
import { styled, type Line } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { countOf, TablePane } from './pane.tsx';
import { WhatIfPane, whatIfHeight } from './what-if.tsx';

/** Every task type in the order of its money: who gets the work, what it costs, what to change. */
export function RoutesTab({ state, style, area }: PaneInput): ReactNode {
  const { whatIf } = state;
  const above = whatIf === undefined ? 0 : whatIfHeight(whatIf, area.height);
  const rows = visibleRoutes(state);
  const all = state.insight?.routes.length ?? 0;
  const count = `${countOf(rows.length, all)} `;
  return (
    <Box flexDirection="column">
      {whatIf === undefined ? undefined : (
        <WhatIfPane {...{ state, style, whatIf }} area={{ width: area.width, height: above }} />
      )}
      <TablePane
        state={state}
        style={style}
        area={{ width: area.width, height: area.height - above }}
        isFocused
        list="routes"
        columns={routes}
        facts={undefined}
        rows={rows}
        idOf={({ taskType }) => taskType}
        title={[
          styled('ROUTES', 'title', true),
          styled(`  ${count}${all === 1 ? 'task type' : 'task types'}`, 'muted'),
        ]}
        note={() => moneyNote({ state })}
      />
    </Box>
  );
}

/** What was paid for answers, reviews and the rest, told apart. */
function moneyNote({ state }: Pick<PaneInput, 'state'>): Line {
  const spend = state.insight?.spend;
  if (spend === undefined || spend.totalUsd <= 0)
    return [styled('goes to = what a run started now would choose', 'muted')];
  const parts = roleRows(spend).map(
    ({ name, costUsd }) => `${name} ${formatPart(costUsd, spend.totalUsd)}`,
  );
  // A filter hides rows, and none of what was paid.
  const whole = state.filter === '' ? '' : ' in all';
  return [styled(`${formatMoney(spend.totalUsd)}${whole}: ${parts.join(', ')}`, 'muted')];
}
